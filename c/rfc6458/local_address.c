/* Adding and removing an address of an association's own end (RFC 6458 section
 * 9.1), of which the stack tells the peer by an ASCONF (RFC 5061). */
#include "vendor.h"

#include <errno.h>

#include "rfc6458/local_address.h"

int netsctp__change_local(struct netsctp__handle *handle,
                          const struct netsctp__request *request,
                          const struct netsctp_option *option) {
  union netsctp__sockaddr address;
  int result =
      netsctp__to_sockaddr(&request->local[option->scope - 1], &address);
  if (result < 0)
    return result;
  netsctp__set_port(&address, 0); /* the association's */
  result = option->name == NETSCTP_OPTION_ADD_ADDRESS
               ? netsctp__vendor_add_address(handle->socket, &address)
               : netsctp__vendor_remove_address(handle->socket, &address);
  /* No stack says which of these it is. */
  if (result == -EINVAL || result == -EBUSY)
    return netsctp__explain(
        EINVAL, NETSCTP__STACK_NAME
        " does not take it: only an end that was bound to addresses by name "
        "(host, localAddresses) can change them, within the IP versions that "
        "it began with, and one has to stay");
  return result;
}
