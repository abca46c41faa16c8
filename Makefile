# Recto: `make demo` and `make test` do all the set-up they need; `make help` lists the rest.
# Rooms are listed from the ground floor up; a room's tests are linked with it and what lies below it, nothing above.

BUILD   ?= build
PREFIX  ?= /usr/local
DESTDIR ?=
CC      ?= cc
# A file made is one short line; `make V=1` shows the whole commands, `make -s` nothing.
SHORT    = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@echo "  $@";)
VERSION := 0.1.0

FLOORS     := base marc index match rules repo z3950 catalog service tui cli
PURE_ROOMS := base marc match rules
ROOMS      := $(foreach room,$(FLOORS),$(if $(wildcard src/$(room)/*.c),$(room)))

PACKAGES := libxml-2.0 sqlite3 ncursesw libutf8proc libpcre2-8 libsodium libzstd yaz yaz-server
override CPPFLAGS += -Iinclude -D_GNU_SOURCE -DRECTO_VERSION='"$(VERSION)"'
WARNINGS := -Wall -Wextra -Werror -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith -Wvla
CFLAGS   ?= -O2 -g
override CFLAGS += -std=c17 -fPIC -fno-semantic-interposition $(WARNINGS) -fstack-protector-strong $(SANITIZE) $(EXTRA_CFLAGS)
override LDFLAGS += $(SANITIZE)

ifneq ($(shell command -v pkg-config),)
LIB_CFLAGS  = $(shell pkg-config --cflags $(PACKAGES) 2>/dev/null)
LIB_LIBS    = $(shell pkg-config --libs $(PACKAGES) 2>/dev/null)
TEST_CFLAGS = $(shell pkg-config --cflags cmocka vterm 2>/dev/null)
TEST_LIBS   = $(shell pkg-config --libs cmocka vterm 2>/dev/null)
endif
# Asked for once, not once a file.
PROGRAM_LIBS := $(shell pkg-config --libs sqlite3 ncursesw libutf8proc libpcre2-8 libsodium libzstd 2>/dev/null) -lroaring -ldl -lpthread -lm
LATE_LIBS    := $(shell pkg-config --libs yaz yaz-server libxml-2.0 2>/dev/null) -lpthread
LIB_CFLAGS  := $(LIB_CFLAGS)
LIB_LIBS    := $(LIB_LIBS) -lroaring -lpthread -lm
TEST_CFLAGS := $(TEST_CFLAGS)
TEST_LIBS   := $(TEST_LIBS) -lutil

room_objects = $(patsubst src/%.c,$(BUILD)/%.o,$(wildcard src/$(1)/*.c))
# The objects of a room and of all rooms below it.
floors_upto  = $(foreach room,$(ROOMS),$(if $(filter $(room),$(call take_upto,$(1),$(FLOORS))),$(call room_objects,$(room))))
take_upto    = $(if $(2),$(firstword $(2)) $(if $(filter $(1),$(firstword $(2))),,$(call take_upto,$(1),$(wordlist 2,99,$(2)))))

RESOURCES := $(sort $(shell find data keymaps themes -type f 2>/dev/null))
RESOURCE_OBJECT := $(BUILD)/resources.o
# z3950 and service, with YAZ and libxml2, are a module that is loaded when first used: src/late.c says why. The gateway needs
# neither, and stays with the program.
LATE_ROOMS      := z3950 service
STAYING_OBJECTS := $(BUILD)/z3950/boxes.o $(BUILD)/service/ports.o $(patsubst src/%.c,$(BUILD)/%.o,$(wildcard src/service/gateway_*.c))
LATE_OBJECTS    := $(filter-out $(STAYING_OBJECTS),$(foreach room,$(LATE_ROOMS),$(call room_objects,$(room))))
PROGRAM_OBJECTS := $(foreach room,$(filter-out $(LATE_ROOMS),$(ROOMS)),$(call room_objects,$(room))) $(STAYING_OBJECTS) $(RESOURCE_OBJECT)
LIBRARY_OBJECTS := $(foreach room,$(filter $(PURE_ROOMS),$(ROOMS)),$(call room_objects,$(room))) $(RESOURCE_OBJECT)

UNIT_TESTS := $(foreach room,$(ROOMS),$(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/$(room)/*_test.c)))
TEST_TOOLS := $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/tools/*.c))

.PHONY: all help deps demo test lint asan tsan threaded coverage covered bench soak fuzz fuzz-programs install uninstall clean unit
all: $(BUILD)/recto $(BUILD)/recto-targets.so $(BUILD)/librecto.a

help:
	@sed -n 's/^## //p' Makefile

## make               the program, build/recto, and the library, build/librecto.a
$(BUILD)/recto: $(PROGRAM_OBJECTS) $(BUILD)/main.o $(BUILD)/late.o
	$(SHORT)$(CC) $(LDFLAGS) -rdynamic -Wl,--as-needed -o $@ $^ $(PROGRAM_LIBS)

$(BUILD)/recto-targets.so: $(LATE_OBJECTS)
	$(SHORT)$(CC) $(LDFLAGS) -shared -Wl,-Bsymbolic -o $@ $^ $(LATE_LIBS)

$(BUILD)/librecto.a: $(LIBRARY_OBJECTS)
	$(SHORT)rm -f $@ && ar rcs $@ $^

$(BUILD)/%.o: src/%.c
	@mkdir -p $(@D)
	$(SHORT)$(CC) $(CPPFLAGS) $(CFLAGS) $(if $(filter $(COVERED),$(*D)),--coverage -fprofile-update=atomic) $(LIB_CFLAGS) -MMD -MP -c -o $@ $<

# data/, keymaps/ and themes/ are built in, byte for byte (include/recto/base/resource.h).
$(BUILD)/resources.S: Makefile $(RESOURCES)
	@mkdir -p $(@D)
	@{ printf '.section .rodata\n'; n=0; \
	   for f in $(RESOURCES); do printf 'name%d: .asciz "%s"\nbytes%d: .incbin "%s"\nend%d: .byte 0\n' $$n $$f $$n $$f $$n; n=$$((n+1)); done; \
	   printf '.section .data.rel.ro,"aw"\n.balign 8\n.global recto_resources\nrecto_resources:\n'; n=0; \
	   for f in $(RESOURCES); do printf '.quad name%d, bytes%d, end%d - bytes%d\n' $$n $$n $$n $$n; n=$$((n+1)); done; \
	   printf '.quad 0, 0, 0\n.section .note.GNU-stack,"",@progbits\n'; } > $@
$(RESOURCE_OBJECT): $(BUILD)/resources.S
	$(SHORT)$(CC) -c -o $@ $<

## make deps          installs the Debian packages that are missing (names them on other systems)
deps:
	@sh tests/deps.sh

## make demo          builds, makes a demonstration repository, starts a local target, opens the workstation
demo: deps
	@$(MAKE) --no-print-directory -j$$(nproc) all
	@$(BUILD)/recto demo

# Tests. A test program of tests/ROOM is linked with the floors up to that room; tests/support is for all.
SUPPORT_OBJECTS := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/support/*.c))
$(BUILD)/tests/%.o: tests/%.c
	@mkdir -p $(@D)
	$(SHORT)$(CC) $(CPPFLAGS) -Itests -DTEST_BUILD='"$(BUILD)"' $(CFLAGS) $(LIB_CFLAGS) $(TEST_CFLAGS) -MMD -MP -c -o $@ $<
define room_tests
$(BUILD)/tests/$(1)/%_test: $(BUILD)/tests/$(1)/%_test.o $(SUPPORT_OBJECTS) $(call floors_upto,$(1)) $(RESOURCE_OBJECT)
	$$(SHORT)$$(CC) $$(LDFLAGS) -o $$@ $$(filter %.o,$$^) $$(LIB_LIBS) $$(TEST_LIBS)
.PHONY: test-$(1)
test-$(1): $(patsubst tests/%.c,$(BUILD)/tests/%,$(wildcard tests/$(1)/*_test.c))
	@BUILD=$(BUILD) sh tests/run.sh $$^
endef
$(foreach room,$(ROOMS),$(eval $(call room_tests,$(room))))
$(BUILD)/tests/tools/walk: $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/walk/*.c))
$(BUILD)/tests/tools/%: $(BUILD)/tests/tools/%.o $(SUPPORT_OBJECTS) $(LIBRARY_OBJECTS)
	$(SHORT)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB_LIBS) $(TEST_LIBS)
# Writes, syncs and allocations that fail, under the catalog: a layer in SQLite's file system, and malloc through --wrap.
$(BUILD)/tests/fault/faults: $(BUILD)/tests/fault/faults.o $(BUILD)/tests/fault/fault_jobs.o $(BUILD)/tests/fault/shim.o $(call floors_upto,catalog) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup -o $@ $(filter %.o,$^) $(LIB_LIBS)
$(BUILD)/tests/fault/crowd: $(BUILD)/tests/fault/crowd.o $(BUILD)/tests/fault/phases.o $(call floors_upto,catalog) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB_LIBS)
# A repository of an earlier schema for the killed migrations; and what kills.
$(BUILD)/tests/fault/old_repository: $(BUILD)/tests/fault/old_repository.o $(call floors_upto,repo) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB_LIBS)
$(BUILD)/tests/fault/kill_at: $(BUILD)/tests/fault/kill_at.o
	$(SHORT)$(CC) $(LDFLAGS) -o $@ $<
# Memory, statements of SQLite and calls of the system that fail in small jobs of the rooms up to repo.
SYSTEM_CALLS := open fcntl flock pread pwrite fsync fchmod stat statfs link mkdir sigaction timer_create close
$(BUILD)/tests/fault/scarce: $(patsubst %,$(BUILD)/tests/fault/%.o,scarce scarce_marc scarce_rules scarce_repo scarce_reading scarce_changing scarce_upkeep scarce_system shim) $(call floors_upto,repo) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -Wl,--wrap=malloc,--wrap=calloc,--wrap=realloc,--wrap=strdup,--wrap=sqlite3_step,--wrap=sqlite3_prepare_v2,--wrap=sqlite3_prepare_v3,--wrap=sqlite3_exec,--wrap=sqlite3_open_v2,--wrap=sqlite3_extended_errcode $(SYSTEM_CALLS:%=-Wl,--wrap=%) -o $@ $(filter %.o,$^) $(LIB_LIBS)
FAULT_PROGRAMS := $(addprefix $(BUILD)/tests/fault/,faults scarce crowd old_repository kill_at)
# What the index costs by itself: build/tests/index/index_bench [DOCUMENTS [SEGMENT_MB]]
$(BUILD)/tests/index/index_bench: $(BUILD)/tests/index/index_bench.o $(call floors_upto,index) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB_LIBS)
# How long searches take: build/tests/repo/search_bench REPOSITORY [QUERIES]; tests/bench/search.sh makes one
$(BUILD)/tests/repo/search_bench: $(BUILD)/tests/repo/search_bench.o $(call floors_upto,repo) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB_LIBS)
.SECONDARY:

## make test          all tests that fit into ten minutes; make test-marc runs one room's
test: deps
	@$(MAKE) --no-print-directory -j$$(nproc) unit
	@BUILD=$(BUILD) sh tests/run.sh $(UNIT_TESTS) $(wildcard tests/e2e/*.sh) $(wildcard tests/tui/*.sh) $(wildcard tests/fault/*.sh)
unit: all $(UNIT_TESTS) $(TEST_TOOLS) $(FAULT_PROGRAMS)

## make asan          the same tests under AddressSanitizer and UndefinedBehaviorSanitizer, in build-asan
asan: deps
	@TEST_TIMEOUT=1800 LSAN_OPTIONS=suppressions=$(CURDIR)/tests/leaks.txt:print_suppressions=0 $(MAKE) --no-print-directory BUILD=build-asan CFLAGS="-O1 -g -DARENA_DEBUG" \
	  SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" test

## make tsan          what has threads, under ThreadSanitizer, in build-tsan
THREADED := $(addprefix $(BUILD)/tests/,catalog/load_test catalog/gateway_test service/gateway_corridor_test service/gateway_listener_test \
  service/gateway_limits_test service/server_test z3950/external_test z3950/targets_test index/long_merge_test repo/postings_test)
THREADED_SCRIPTS := $(addprefix tests/e2e/,gateway_serves_connexion.sh gateway_behind_others.sh external_reads_real_peers.sh \
  targets_that_fail_are_sentences.sh served_repository_is_read_by_real_peers.sh) tests/fault/counter_of_many_hands.sh
tsan: deps
	@TEST_TIMEOUT=1800 $(MAKE) --no-print-directory -j$$(nproc) BUILD=build-tsan CFLAGS="-O1 -g" SANITIZE=-fsanitize=thread threaded
threaded: all $(THREADED) $(TEST_TOOLS) $(FAULT_PROGRAMS)
	@BUILD=$(BUILD) sh tests/run.sh $(THREADED) $(THREADED_SCRIPTS)

## make coverage      which lines and branches of marc, match, rules and repo the tests reach, against the goal; in build-coverage
COVERAGE_SCRIPTS := $(addprefix tests/e2e/,authority_records.sh bad_input_is_answered_in_words.sh broken_files_end_in_words.sh \
  convert_of_every_kind.sh dry_run_then_exactly_then_revert.sh history_of_a_record.sh lists.sh load_and_show_every_sound_file.sh \
  match_methods.sh merge_preview_names_rule_and_line.sh profiles_are_files.sh repositories_that_fail.sh rules_are_kept_and_chosen.sh \
  rules_in_a_pipe.sh save_guards_versions.sh search_as_specified.sh settings_and_checks.sh templates_are_files.sh validate_by_profile.sh) \
  $(addprefix tests/fault/,backup_of_a_crowd.sh clock_jumps.sh disk_full.sh faults_of_disk_and_memory.sh loads_interrupted.sh \
  logs_left_behind.sh network_disks.sh scarce_memory_and_statements.sh)
coverage: deps
	@TEST_TIMEOUT=1800 $(MAKE) --no-print-directory -j$$(nproc) BUILD=build-coverage COVERED="marc match rules repo" \
	  CFLAGS="-O0 -g -DARENA_DEBUG -include tests/coverage.h" LDFLAGS=--coverage covered
# Each fourth event, and not each third: the nine codes of SQLite that scarce gives in turn must all come.
covered: unit
	@find $(BUILD) -name '*.gcda' -delete
	@BUILD=$(BUILD) FAULTS=$(or $(FAULTS),100) SCARCE_EVERY=$(or $(SCARCE_EVERY),4) GCOV_ERROR_FILE=$(CURDIR)/$(BUILD)/gcov.log sh tests/run.sh $(UNIT_TESTS) $(COVERAGE_SCRIPTS); ok=$$?; \
	  python3 tests/coverage.py $(BUILD) && exit $$ok

## make lint          floors, formatting, clang-tidy, cppcheck
lint: deps
	@BUILD=$(BUILD) sh tests/lint.sh

## make fuzz          hostile input for every reader: FUZZ_SECONDS=60 each, or FUZZ_TARGET=json alone; needs clang
FUZZ_BUILD   := $(if $(filter build,$(BUILD)),build-fuzz,$(BUILD))
FUZZ_OBJECTS := $(patsubst tests/%.c,$(BUILD)/tests/%.o,tests/fuzz/targets.c tests/fuzz/memory.c)
$(BUILD)/tests/marc/hostile_test: $(FUZZ_OBJECTS)
fuzz: deps
	@$(MAKE) --no-print-directory BUILD=$(FUZZ_BUILD) CC=clang CFLAGS="-O1 -g -DARENA_DEBUG" \
	  SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer" fuzz-programs
	@BUILD=$(FUZZ_BUILD) sh tests/fuzz/run.sh
fuzz-programs: $(BUILD)/tests/fuzz/fuzz $(BUILD)/tests/fuzz/rules_fuzz $(BUILD)/tests/fuzz/frame_fuzz $(BUILD)/tests/fuzz/index_fuzz $(BUILD)/tests/fuzz/corpus
$(BUILD)/tests/fuzz/fuzz: $(BUILD)/tests/fuzz/entry.o $(FUZZ_OBJECTS) $(call floors_upto,marc) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIB_LIBS)
$(BUILD)/tests/fuzz/rules_fuzz: $(BUILD)/tests/fuzz/rules_fuzz.o $(call floors_upto,rules) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIB_LIBS)
FRAME_OBJECTS := $(BUILD)/service/gateway_frame.o $(BUILD)/service/gateway_look.o
$(BUILD)/tests/fuzz/frame_fuzz: $(BUILD)/tests/fuzz/frame_fuzz.o $(FRAME_OBJECTS) $(call floors_upto,base) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIB_LIBS)
$(BUILD)/tests/fuzz/index_fuzz: $(BUILD)/tests/fuzz/index_fuzz.o $(call floors_upto,index) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -fsanitize=fuzzer -o $@ $(filter %.o,$^) $(LIB_LIBS)
$(BUILD)/tests/fuzz/corpus: $(BUILD)/tests/fuzz/corpus.o $(call floors_upto,marc) $(RESOURCE_OBJECT)
	$(SHORT)$(CC) $(LDFLAGS) -o $@ $(filter %.o,$^) $(LIB_LIBS)

## make soak          the long forms, in half an hour: 2000 kills that hit, failing disks and memory, fifty catalogers, the monkey; SOAK=name one
soak: deps
	@$(MAKE) --no-print-directory -j$$(nproc) unit
	@BUILD=$(BUILD) sh tests/soak/run.sh

## make bench         figures beside the named peers, in one run
bench: deps
	@$(MAKE) --no-print-directory all
	@BUILD=$(BUILD) sh tests/bench/run.sh

## make install       program, man page, completion, data; DESTDIR and PREFIX are honoured
install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/lib $(DESTDIR)$(PREFIX)/share/man/man1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions
	install -m 755 $(BUILD)/recto $(DESTDIR)$(PREFIX)/bin/recto
	install -D -m 755 $(BUILD)/recto-targets.so $(DESTDIR)$(PREFIX)/lib/recto/recto-targets.so
	install -m 644 $(BUILD)/librecto.a $(DESTDIR)$(PREFIX)/lib/librecto.a
	install -m 644 data/man/recto.1 $(DESTDIR)$(PREFIX)/share/man/man1/recto.1
	install -m 644 data/completion/recto.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/recto
	for f in $(RESOURCES); do install -D -m 644 $$f $(DESTDIR)$(PREFIX)/share/recto/$$f; done
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	for unit in service socket; do sed 's|/usr/local/bin|$(PREFIX)/bin|' data/systemd/recto-gateway.$$unit \
	  > $(DESTDIR)$(PREFIX)/lib/systemd/system/recto-gateway.$$unit; done
	cd include && find recto -name '*.h' -exec install -D -m 644 {} $(DESTDIR)$(PREFIX)/include/{} \;
uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/recto $(DESTDIR)$(PREFIX)/lib/librecto.a $(DESTDIR)$(PREFIX)/lib/recto $(DESTDIR)$(PREFIX)/share/recto \
	  $(DESTDIR)$(PREFIX)/lib/systemd/system/recto-gateway.service $(DESTDIR)$(PREFIX)/lib/systemd/system/recto-gateway.socket \
	  $(DESTDIR)$(PREFIX)/include/recto $(DESTDIR)$(PREFIX)/share/man/man1/recto.1 \
	  $(DESTDIR)$(PREFIX)/share/bash-completion/completions/recto

## make clean         removes build, build-asan, build-tsan, build-fuzz and build-coverage
clean:
	rm -rf build build-asan build-tsan build-fuzz build-coverage

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
