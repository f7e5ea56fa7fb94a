# The userspace stack's shared object: usrsctp's sources, compiled as they are,
# and our backend over them. Included by the Makefile.
#
# The sources are Debian's (tools/fetch_usrsctp.sh) or, with USRSCTP_SRC=<dir>,
# any other copy, such as a newer upstream.

USRSCTP := $(or $(USRSCTP_SRC),$(abspath ../build/usrsctp-src))
USRSCTP_LIB := $(USRSCTP)/usrsctplib
USRSCTP_STAMP := $(USRSCTP_LIB)/usrsctp.h
USRSCTP_OBJ := $(OBJ)/vendor

# What was compiled from one copy of usrsctp must not stay for another. Debian's
# has no path here, so that what is built stays so where the project is moved.
USRSCTP_CHOICE := $(OBJ)/usrsctp.source
$(shell mkdir -p $(OBJ); echo '$(or $(USRSCTP_SRC),Debian)' | cmp -s - $(USRSCTP_CHOICE) || \
  echo '$(or $(USRSCTP_SRC),Debian)' >$(USRSCTP_CHOICE))

# The list is usrsctp's own build's; it has been the same from 0.9.5 to 2025.
USRSCTP_SOURCES := user_environment user_mbuf user_recv_thread user_socket \
  $(addprefix netinet/,sctp_asconf sctp_auth sctp_bsd_addr sctp_callout \
  sctp_cc_functions sctp_crc32 sctp_indata sctp_input sctp_output sctp_pcb \
  sctp_peeloff sctp_sha1 sctp_ss_functions sctp_sysctl sctp_timer \
  sctp_userspace sctp_usrreq sctputil) netinet6/sctp6_usrreq
USRSCTP_OBJECTS := $(patsubst %,$(USRSCTP_OBJ)/%.o,$(notdir $(USRSCTP_SOURCES)))

USRSCTP_QUEUE ?= -DHAVE_SYS_QUEUE_H
# Without INVARIANTS: with it, what a peer sends could end the process.
USRSCTP_DEFINES := -D__Userspace__ -DSCTP_SIMPLE_ALLOCATOR \
  -DSCTP_PROCESS_LEVEL_LOCKS -DINET -DINET6 '-DSCTP_STDINT_INCLUDE=<stdint.h>' \
  $(USRSCTP_QUEUE) -DHAVE_LINUX_IF_ADDR_H -DHAVE_LINUX_RTNETLINK_H \
  -DHAVE_NETINET_IP_ICMP_H -DHAVE_NET_ROUTE_H -DHAVE_STDATOMIC_H -D_GNU_SOURCE \
  -include $(CURDIR)/usrsctp/inside/config.h

# usrsctp reads network headers where they lie, and counts on what C leaves
# undefined: aliasing is not for its optimiser to exploit, nor for UBSan to
# report. AddressSanitizer watches it like our own code.
USRSCTP_CFLAGS := -std=gnu11 -fPIC -fvisibility=hidden -fno-strict-aliasing \
  -w -pthread $(CFLAGS) $(if $(findstring undefined,$(CFLAGS)),-fno-sanitize=undefined)

# The files in inside/ see usrsctp's insides, whose headers are not for -Wextra.
USERSPACE_INSIDE := $(addprefix usrsctp/inside/,io packets checksum timers digest tables \
  paths moved path_mtu cut_off closed_window unreachable restart restarted tags source rto link_local abort asconf \
  destination shutdown unread undelivered expired numbers)
USERSPACE_SOURCES := $(addprefix usrsctp/,backend sockets open mtu quirks \
  address local_addresses message udp udp_packets route icmp guard tally) $(USERSPACE_INSIDE) \
  $(addprefix usrsctp/inside/,memory timer_wheel sha)
USERSPACE_OBJECTS := $(patsubst %,$(OBJ)/%.o,$(USERSPACE_SOURCES) \
  $(addprefix usrsctp-rfc6458/,$(RFC6458)))

comma := ,
# usrsctp's functions that have ours in their place: each __wrap_ of the files in
# inside/, whose README.md lists them.
USERSPACE_WRAPS := $(addprefix -Wl$(comma)--wrap=,$(shell \
  grep -Eoh '__wrap_[a-z0-9_]+' usrsctp/inside/*.c | sed 's/__wrap_//' | sort -u))

userspace: $(BUILD)/netsctp_userspace.so

$(USRSCTP_STAMP):
	@USRSCTP_SRC='$(USRSCTP_SRC)' ../tools/fetch_usrsctp.sh

# The list knows in which of usrsctp's folders the source is.
$(USRSCTP_OBJECTS): $(USRSCTP_OBJ)/%.o: $(USRSCTP_STAMP) $(USRSCTP_CHOICE) \
  usrsctp.mk usrsctp/inside/config.h usrsctp/inside/memory.h \
  usrsctp/inside/sha.h $(BEFORE_COMPILING) | $(USRSCTP_OBJ)
	$(CC) $(USRSCTP_CFLAGS) $(USRSCTP_DEFINES) -I$(USRSCTP_LIB) \
	  -I$(USRSCTP_LIB)/netinet -I$(CURDIR) -MMD -MP -c -o $@ \
	  $(USRSCTP_LIB)/$(filter %/$* $*,$(USRSCTP_SOURCES)).c

$(USRSCTP_OBJ):
	mkdir -p $@

USERSPACE_WITH_ROWS := $(call with_rows,$(SHIM:%=$(OBJ)/%.o) $(USERSPACE_OBJECTS))
$(USERSPACE_OBJECTS) $(USERSPACE_WITH_ROWS): ALL_CFLAGS += -isystem $(USRSCTP_LIB)
$(OBJ)/usrsctp-rfc6458/%.o $(OBJ)/rows/usrsctp-rfc6458/%.o: \
  ALL_CFLAGS += -iquote $(CURDIR)/usrsctp
$(USERSPACE_INSIDE:%=$(OBJ)/%.o): \
  ALL_CFLAGS += $(USRSCTP_DEFINES) -DNETSCTP_INSIDE -fno-strict-aliasing
$(USERSPACE_OBJECTS) $(USERSPACE_WITH_ROWS): $(USRSCTP_STAMP) $(USRSCTP_CHOICE) \
  usrsctp.mk

# What a packet that goes out comes with: its association, or its endpoint.
USRSCTP_OUTPUT = $(shell sed -n 's/^.define SCTP_IP_OUTPUT(result, o_pak, ro, \([a-z]*\), vrf_id).*/\1/p' $(USRSCTP_LIB)/netinet/sctp_os_userspace.h)
USRSCTP_GIVES = $(or $(filter stcb inp,$(USRSCTP_OUTPUT)),$(error $(USRSCTP_LIB)/netinet/sctp_os_userspace.h gives SCTP_IP_OUTPUT "$(USRSCTP_OUTPUT)", which is unknown: adapt sender_of() in usrsctp/inside/packets.c))
$(OBJ)/usrsctp/inside/packets.o: ALL_CFLAGS += \
  -DNETSCTP_OUTPUT_GIVES_ENDPOINT=$(if $(filter inp,$(USRSCTP_GIVES)),1,0)

# Whether what aborts an association is told that it timed out: upstream, later.
USRSCTP_SAYS_TIMED_OUT = $(shell sed -n '/^sctp_abort_an_association/,/;/p' $(USRSCTP_LIB)/netinet/sctputil.h | grep -w bool)
$(OBJ)/usrsctp/inside/abort.o: ALL_CFLAGS += \
  -D'NETSCTP_TIMED_OUT(value)=$(if $(USRSCTP_SAYS_TIMED_OUT),value$(comma))' \
  -DNETSCTP_SWITCH=$(if $(USRSCTP_SAYS_TIMED_OUT),bool,uint8_t)

$(BUILD)/netsctp_userspace.so: $(SHIM:%=$(OBJ)/%.o) $(USERSPACE_OBJECTS)
$(BUILD)/rows/netsctp_userspace.so: $(USERSPACE_WITH_ROWS)
rows: $(BUILD)/rows/netsctp_userspace.so
$(BUILD)/netsctp_userspace.so $(BUILD)/rows/netsctp_userspace.so: \
  $(USRSCTP_OBJECTS) sctp_shim.map
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(SHARED) $(USERSPACE_WRAPS) -o $@ $(filter %.o,$^)

-include $(wildcard $(USRSCTP_OBJ)/*.d)
