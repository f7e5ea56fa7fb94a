# The two shared objects that a release carries for one platform. Part of the
# Makefile when TARGET is set; `npm run build:native` runs it for each:
#
#   make -C c prebuilt TARGET=linux-arm64-musl
#
# By Debian's compilers, libsctp from its sources, nothing of the machine in
# it: the same bytes come out wherever they are built
# (docs/decisions/0018-prebuilt-libraries.md).

TARGETS := linux-x64-glibc linux-x64-musl linux-arm64-glibc linux-arm64-musl
ifeq ($(filter $(TARGET),$(TARGETS)),)
$(error No prebuilt library is made for "$(TARGET)", only for: $(TARGETS))
endif

PREBUILT ?= $(abspath ../prebuilt)
NATIVE := $(abspath ../build/native)
override BUILD := $(NATIVE)/$(TARGET)

ifeq ($(filter x64,$(subst -, ,$(TARGET))),)
MACHINE := aarch64
DEBIAN := arm64
# Outlined atomic operations would ask glibc what the processor can do.
TUNE := -mno-outline-atomics
else
MACHINE := x86_64
DEBIAN := amd64
endif
CC := $(MACHINE)-linux-gnu-gcc
AR := $(MACHINE)-linux-gnu-ar
STRIP := $(MACHINE)-linux-gnu-strip

# usrsctp's messages have __FILE__ in them.
CFLAGS := -O2 $(TUNE) -ffile-prefix-map=$(abspath ..)=.
LDFLAGS := -Wl,--build-id=none -Wl,-z,relro -Wl,-z,now

ifeq ($(filter %-musl,$(TARGET)),)
# Functions that had libraries of their own in old versions of glibc are to be
# found there, too.
CFLAGS += -include $(CURDIR)/glibc_baseline.h
LDFLAGS += -Wl,--push-state,--no-as-needed -l:libpthread.so.0 -l:libdl.so.2 \
  -Wl,--pop-state
else
# The compiler is glibc's. What musl's own wrapper of gcc has it take instead
# (Debian's specs file) is in a folder of ours; so are the kernel's headers,
# which that wrapper does without.
MUSL := $(NATIVE)/musl-$(DEBIAN)
SPECS := $(NATIVE)/musl-$(DEBIAN).specs
CFLAGS += -specs=$(SPECS) -idirafter $(MUSL)/usr/include \
  -idirafter $(MUSL)/usr/include/$(MACHINE)-linux-gnu

$(MUSL)/.version:
	@../tools/fetch_debian.sh $(DEBIAN) build/native/musl-$(DEBIAN) \
	  usr/include/$(MACHINE)-linux-musl/stdio.h musl musl-dev linux-libc-dev

$(SPECS): $(MUSL)/.version prebuilt.mk
	sed 's|-L/usr/lib/|-L$(MUSL)/lib/$(MACHINE)-linux-musl &|; s|/usr/|$(MUSL)&|g' \
	  $(MUSL)/usr/lib/$(MACHINE)-linux-musl/musl-gcc.specs >$@

USRSCTP_QUEUE := # musl has no sys/queue.h, usrsctp brings one
BEFORE_COMPILING := $(SPECS)
endif

# libsctp: its archive, and its header, whose configuration says what the
# kernel's own header has; today's has all of it. LKSCTP_SRC=<dir> names another
# one's sources.
LKSCTP := $(or $(LKSCTP_SRC),$(NATIVE)/lksctp-src)
LKSCTP_INCLUDE := $(NATIVE)/lksctp-include
LKSCTP_HEADER := $(LKSCTP_INCLUDE)/netinet/sctp.h
LKSCTP_OBJ := $(BUILD)/obj/lksctp
LIBSCTP := $(BUILD)/libsctp.a

$(NATIVE)/lksctp-src/.version:
	@../tools/fetch_debian.sh source build/native/lksctp-src src/lib/bindx.c lksctp-tools

$(LKSCTP_HEADER): $(LKSCTP)/.version prebuilt.mk
	mkdir -p $(@D)
	sed 's/^#undef \(HAVE_.*\)/#define \1 1/' $(LKSCTP)/src/include/netinet/sctp.h.in >$@
	: >$(LKSCTP_INCLUDE)/config.h

LKSCTP_OBJECTS := $(patsubst %,$(LKSCTP_OBJ)/%.o,addrs bindx connectx opt_info \
  peeloff recvmsg sendmsg)
$(LKSCTP_OBJECTS): $(LKSCTP_OBJ)/%.o: $(LKSCTP_HEADER) $(BEFORE_COMPILING) \
  $(wildcard $(LKSCTP)/src/lib/*.c)
	mkdir -p $(@D)
	$(CC) -D_GNU_SOURCE -fPIC -fvisibility=hidden -w $(CFLAGS) -c -o $@ $(LKSCTP)/src/lib/$*.c

# Not for usrsctp, which has a netinet/sctp.h of its own.
$(LKSCTP_OBJECTS) $(KERNEL:%=$(BUILD)/obj/%.o) $(RFC6458:%=$(BUILD)/obj/kernel-rfc6458/%.o): CFLAGS += -isystem $(LKSCTP_INCLUDE)

$(LIBSCTP): $(LKSCTP_OBJECTS)
	rm -f $@
	$(AR) rcsD $@ $^

BEFORE_COMPILING += $(LKSCTP_HEADER)

.PHONY: prebuilt prebuilt-tests toolchain
prebuilt: $(PREBUILT)/netsctp_kernel-$(TARGET).so $(PREBUILT)/netsctp_userspace-$(TARGET).so \
  $(PREBUILT)/libsctp/.version

# Whoever gets libsctp linked in gets its sources, too: its licence wants that.
$(PREBUILT)/libsctp/.version: $(LKSCTP)/.version prebuilt.mk
	mkdir -p $(@D)/src/lib $(@D)/src/include/netinet
	cp $(LKSCTP)/COPYING.lib $(@D)
	cp $(LKSCTP)/src/lib/*.c $(@D)/src/lib
	cp $(LKSCTP)/src/include/netinet/sctp.h.in $(@D)/src/include/netinet
	cp $< $@

$(PREBUILT)/%-$(TARGET).so: $(BUILD)/%.so
	mkdir -p $(@D)
	$(STRIP) --strip-all --remove-section=.comment -o $@ $<

# The C tests, as a program for that platform: $(BUILD)/run_tests.
prebuilt-tests: $(BEFORE_COMPILING)
	@$(MAKE) -C test build BUILD=$(BUILD) CC=$(CC) CFLAGS='$(CFLAGS)' LDFLAGS='$(LDFLAGS)' TARGET=

# What the bytes depend on, beside what is in this folder.
toolchain: $(BEFORE_COMPILING) $(USRSCTP_STAMP)
	@$(CC) --version | head -n 1
	@$(CC) -Wl,--version 2>/dev/null | head -n 1
ifeq ($(MUSL),)
	@echo '#include <features.h>\n__GLIBC__ __GLIBC_MINOR__' | $(CC) -E -P - | tail -n 1 | \
	  sed 's/ /./; s/^/glibc /'
else
	@cat $(MUSL)/.version
endif
	@cat $(LKSCTP)/.version $(USRSCTP)/.version
