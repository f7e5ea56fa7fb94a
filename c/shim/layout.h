/* The layout of every enum and record, as the compiler chose it. */
#ifndef NETSCTP_LAYOUT_H
#define NETSCTP_LAYOUT_H

#include <stddef.h>

/* Writes a line of the layout's text ("field ppid 12 4 uint32_t\n"), from 0 on;
 * returns its length, 0 behind the last. Values and fields follow the enum or
 * record they belong to. The hash is of all lines in order. */
#define NETSCTP__LAYOUT_LINE 96
int netsctp__layout_line(size_t index, char out[NETSCTP__LAYOUT_LINE]);

#endif
