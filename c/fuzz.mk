# The fuzz program: the userspace stack and its guard in one program, with
# packets, the clock and random numbers made from a seed. Included by the
# Makefile.
#
#   make -C c fuzz                              under ASan and UBSan
#   make -C c fuzz PACKETS=1000000 SEED=7       a run that can be repeated

PACKETS ?= 1000000
CORPUS := fuzz/corpus.txt

FUZZ_OBJECTS := $(patsubst %,$(OBJ)/fuzz/%.o,fuzz fuzz_network fuzz_packets \
  fuzz_chunks fuzz_bytes fuzz_accidents)
FUZZ_WRAPS := -Wl,--wrap=sendmmsg -Wl,--wrap=syscall -Wl,--wrap=clock_gettime \
  -Wl,--wrap=netsctp__poller_wait -Wl,--wrap=timingsafe_bcmp

$(FUZZ_OBJECTS): $(OBJ)/fuzz/%.o: fuzz/%.c fuzz.mk $(USRSCTP_STAMP)
	mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -isystem $(USRSCTP_LIB) -MMD -MP -c -o $@ $<

$(BUILD)/fuzz: $(FUZZ_OBJECTS) $(SHIM:%=$(OBJ)/%.o) $(USERSPACE_OBJECTS) \
  $(USRSCTP_OBJECTS)
	$(CC) $(ALL_CFLAGS) $(USERSPACE_WRAPS) $(FUZZ_WRAPS) $(LDFLAGS) -o $@ $^ -ldl

.PHONY: run-fuzz
run-fuzz: $(BUILD)/fuzz
	$(BUILD)/fuzz --packets $(PACKETS) --corpus $(CORPUS) $(if $(SEED),--seed $(SEED))

-include $(wildcard $(OBJ)/fuzz/*.d)
