# SPDX-License-Identifier: MIT
#
# Makefile - builds, runs, tests and measures everything; `make help` lists the targets.
#
# All output goes to build/: build/BOARD (build/BOARD-checkN for CHECK=N other than 1) for a board,
# build/host-64 and build/host-32 for the sanitizer builds of the same sources, build/host-plain for
# the build that takes the paths that a board takes.  Folders are built
# by wildcard: a new .c file in runtime/, runtime/types/, runtime/console/, boot/, board/NAME/ or
# tests/unit/ needs no line here.  The layers are fenced by include paths (INC_... below).
# Messages of the build go to stderr, so that stdout of `make -s run` is the console's alone.

BOARD ?= mps2-an385
CHECK ?= 1
ARENA ?=
TEST ?=
HOST ?=
SEED ?= 1
SCALE ?= 1
MINUTES ?= 3
MILLIONS ?= 100
KEEP ?=
V ?=
CROSS ?= arm-none-eabi-
HOSTCC ?= gcc

MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/bash
.SUFFIXES:
.SECONDARY:
.DELETE_ON_ERROR:

# ---- what the command line asks for ----

# A small board runs tests/image, tests/small and the tests that are T_SMALL in their tables.
SMALL_BOARDS := microbit
LARGE_BOARDS := $(filter-out $(SMALL_BOARDS),\
    $(patsubst board/%/board.mk,%,$(wildcard board/*/board.mk)))
BOARDS := $(LARGE_BOARDS) $(SMALL_BOARDS)
ifneq ($(words $(filter $(BOARDS),$(BOARD))),1)
$(error BOARD=$(BOARD): no such board; choose one of: $(BOARDS))
endif
ifneq ($(words $(filter 0 1 2 3,$(CHECK))),1)
$(error CHECK=$(CHECK): the checking level is 0, 1, 2 or 3)
endif
ifneq ($(ARENA),)
ARENA_BYTES := $(shell echo '$(ARENA)' | awk '/^[0-9]+[KM]?$$/ { n = $$0 * (/K/ ? 1024 : /M/ ? \
    1048576 : 1); if (n >= 16384 && n <= 16777216) print n }')
ifeq ($(ARENA_BYTES),)
$(error ARENA=$(ARENA): give 16K to 16M, for example ARENA=64K)
endif
endif

LEVEL := $(if $(filter 1,$(CHECK)),,-check$(CHECK))
BUILD := build/$(BOARD)$(LEVEL)
TOOLS := build/tools
QUIET := $(if $(V),,@)
is_silent = $(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS))))
say = $(if $(V)$(is_silent),,@printf '  %-5s %s\n' $(1) $(2) >&2)
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

## all: the firmware of BOARD, build/BOARD/ouro.elf (the default target)
all: $(BUILD)/ouro.elf

# ---- flags ----

comma := ,
empty :=
space := $(empty) $(empty)
WARN := -Wall -Wextra -Werror -Wconversion -Wshadow -Wundef -Wvla -Wmissing-prototypes \
    -Wswitch-enum -Wstrict-prototypes
CC := $(CROSS)gcc
include board/$(BOARD)/board.mk

CFLAGS := -std=c11 -ffreestanding -O2 -g -ffunction-sections -fdata-sections -funwind-tables \
    $(WARN) --specs=picolibc.specs $(CPU_FLAGS) -DOURO_CHECK=$(CHECK)
LDFLAGS := --specs=picolibc.specs $(CPU_FLAGS) -nostartfiles -L linker -T linker/$(BOARD).ld \
    -Wl,--gc-sections -Wl,--fatal-warnings \
    $(if $(ARENA),-Wl$(comma)--defsym=ouro_arena_limit=$(ARENA_BYTES))

# Who may include what.
INC_runtime := -Iruntime/include -Iruntime
INC_console := -Iruntime/include -isystem build/include
INC_boot    := -Iruntime/include -Iboot
INC_board   := -Iruntime/include -Iboot
INC_tests   := -Iruntime/include -Iruntime -Itests
area = $(if $(filter runtime/console/%,$<),console,$(firstword $(subst /, ,$<)))
INC = $(INC_$(area))

# $(call stamp,FILE,TEXT): a file that changes when TEXT does, and only then.
define stamp
$(1): FORCE
	@mkdir -p $$(@D)
	@printf '%s\n' '$(2)' | cmp -s - $$@ || printf '%s\n' '$(2)' > $$@
endef
# The libraries and the lessons are compiled for size; the files where a program's time goes, and
# functions that are HOT elsewhere, for speed.
HOT := arena collector_mark collector_reclaim collector_walk object pageset pool release \
    types/index types/list types/table types/table_find types/tree types/tuple
# What -Os does for speed, or seldom gains by.
SIZE_FLAGS := -Os -fno-caller-saves -fno-if-conversion -fno-ipa-sra -fno-schedule-insns2 \
    -fno-expensive-optimizations -fno-move-loop-invariants -fno-tree-loop-im \
    -fno-tree-tail-merge -fno-forward-propagate \
    -freorder-blocks-algorithm=simple
# What -O2 does for speed that costs more than it gains, but for the collector's loops.
HOT_FLAGS := -freorder-blocks-algorithm=simple -fno-schedule-insns2 -fno-caller-saves
# The runtime bears unwind tables in test builds only: boot/unwind.c finds its callers without.
RUNTIME_FLAGS := $(if $(filter 0 1,$(CHECK)),-fno-unwind-tables)
$(eval $(call stamp,$(BUILD)/cflags,$(CC) $(CFLAGS) $(SIZE_FLAGS) \
    $(HOT_FLAGS) $(RUNTIME_FLAGS) $(HOT)))
$(eval $(call stamp,$(BUILD)/ldflags,$(CC) $(LDFLAGS)))

# ---- libraries and firmware of one board ----

RUNTIME_SRC := $(wildcard runtime/*.c runtime/types/*.c)
MALLOC_SRC := $(wildcard runtime/malloc/*.c)
CONSOLE_SRC := $(wildcard runtime/console/*.c)
# Tracing needs more memory than a small board has.
CONSOLE := $(if $(filter $(SMALL_BOARDS),$(BOARD)),$(filter-out %/cmd_trace.c,$(CONSOLE_SRC)),\
    $(CONSOLE_SRC))
# The lessons are part of the console's image where they find room to run in.
LESSON_SRC := $(wildcard tests/lessons/*.c)
LESSONS := $(if $(filter $(SMALL_BOARDS),$(BOARD)),,$(LESSON_SRC))
COLD_SRC := $(filter-out $(HOT:%=runtime/%.c),$(RUNTIME_SRC)) $(CONSOLE_SRC) $(LESSON_SRC)
BOOT_SRC := $(filter-out boot/main.c,$(wildcard boot/*.c)) \
    $(wildcard $(foreach arch,$(ARCH),boot/$(arch)/*.c boot/$(arch)/*.S) board/$(BOARD)/*.c)
objects = $(addprefix $(BUILD)/,$(addsuffix .o,$(basename $(1))))
LIBS := $(BUILD)/libouro-console.a $(BUILD)/libouro.a
BOOT_OBJ := $(call objects,$(BOOT_SRC))
$(eval $(call stamp,$(BUILD)/sources,$(RUNTIME_SRC) $(MALLOC_SRC) $(CONSOLE) $(LESSONS) \
    $(BOOT_SRC)))

$(BUILD)/%.o: %.c $(BUILD)/cflags | $(TOOLS)/build
	$(call say,CC,$<)
	$(QUIET)mkdir -p $(@D) && $(CC) $(CFLAGS) $(INC) -MMD -MP -c -o $@ $<
$(BUILD)/%.o: %.S $(BUILD)/cflags | $(TOOLS)/build
	$(call say,AS,$<)
	$(QUIET)mkdir -p $(@D) && $(CC) $(CFLAGS) $(INC) -MMD -MP -c -o $@ $<

$(call objects,$(COLD_SRC)): CFLAGS += $(SIZE_FLAGS)
$(call objects,$(filter-out runtime/collector%,$(HOT:%=runtime/%.c))): CFLAGS += $(HOT_FLAGS)
$(call objects,$(RUNTIME_SRC)): CFLAGS += $(RUNTIME_FLAGS)
$(call objects,$(CONSOLE_SRC)): build/include/jsmn.h
build/include/jsmn.h: | $(TOOLS)/build
	$(QUIET)mkdir -p $(@D) && cp /usr/include/jsmn.h $@

$(BUILD)/libouro.a: $(call objects,$(RUNTIME_SRC))
$(BUILD)/libouro-malloc.a: $(call objects,$(MALLOC_SRC))
$(BUILD)/libouro-console.a: $(call objects,$(CONSOLE))
$(BUILD)/lib%.a: $(BUILD)/sources
	$(call say,AR,$@)
	$(QUIET)rm -f $@ && $(CROSS)ar rcsD $@ $(filter %.o,$^)

# The console is linked whole, since its commands are found by section and not by name.
whole = $(if $(filter $(CONSOLE_IMAGES) %/bench/boot.elf,$@),\
    -Wl$(comma)--whole-archive $(BUILD)/libouro-console.a -Wl$(comma)--no-whole-archive)
define link
$(call say,LD,$@)
$(QUIET)mkdir -p $(@D) && $(CC) $(LDFLAGS) -Wl,-Map=$(@:.elf=.map) -o $@ $(filter %.o,$^) \
    $(whole) $(filter %.a,$^)
endef
LINK_INPUTS := $(BOOT_OBJ) $(LIBS) $(BUILD)/ldflags $(BUILD)/sources $(wildcard linker/*.ld)

CONSOLE_IMAGES := $(addprefix $(BUILD)/,ouro.elf ouro-128k.elf unnamed.elf)
$(CONSOLE_IMAGES): $(BUILD)/boot/main.o $(call objects,$(LESSONS)) $(LINK_INPUTS)
	$(link)
	$(if $(filter $(BUILD)/names.o,$^),$(QUIET)CROSS=$(CROSS) boot/names.py $(BUILD)/unnamed.elf $@)
# Where there is room, the image has a table of its functions, made from a first link without it.
ifeq ($(filter $(BOARD),$(SMALL_BOARDS)),)
$(BUILD)/ouro.elf: $(BUILD)/names.o
endif
$(BUILD)/names.o: $(BUILD)/unnamed.elf boot/names.py | $(TOOLS)/python
	$(QUIET)CROSS=$(CROSS) boot/names.py $< | $(CC) $(CPU_FLAGS) -x assembler -c -o $@ -
# The same with a small arena: figures of a lesson have to follow.
$(BUILD)/ouro-128k.elf: LDFLAGS += -Wl,--defsym=ouro_arena_limit=131072
$(BUILD)/tests/%.elf: $(BUILD)/tests/%.o $(BUILD)/tests/t.o $(LINK_INPUTS)
	$(link)
# A pair of tests/parity is a .c and a .py of one name; the other .c files there serve all of them.
PARITY_SRC := $(wildcard tests/parity/*.c)
PARITY_PAIRS := $(filter $(patsubst %.py,%.c,$(wildcard tests/parity/*.py)),$(PARITY_SRC))
PARITY_SUPPORT := $(filter-out $(PARITY_PAIRS),$(PARITY_SRC))
$(PARITY_PAIRS:%.c=$(BUILD)/%.elf): $(PARITY_SUPPORT:%.c=$(BUILD)/%.o)
$(PARITY_PAIRS:%.c=build/host-64/%): $(PARITY_SUPPORT:%.c=build/host-64/%.o)
$(BUILD)/tests/bench/boot.elf: $(BUILD)/boot/main.o
$(BUILD)/tests/bench/boot.elf: LDFLAGS += -Wl,--wrap=ouro_port_get,--wrap=ouro_port_is_script

# The same traces on three allocators: the runtime's, and those of two C libraries.
TRACES := $(wildcard tests/traces/*.mt.gz)
NEWLIB = /usr/lib/arm-none-eabi/newlib/$(shell $(CC) $(CPU_FLAGS) -print-multi-directory)/libc.a
REPLAY := $(addprefix $(BUILD)/tests/bench/,malloc.elf malloc_pools.elf malloc_picolibc.elf \
    malloc_newlib.elf)
build/traces.S: $(TRACES) tests/tools/traces.py | $(TOOLS)/python
	$(QUIET)mkdir -p $(@D) && tests/tools/traces.py $@ $(TRACES)
$(BUILD)/traces.o: build/traces.S $(BUILD)/cflags
	$(QUIET)mkdir -p $(@D) && $(CC) $(CFLAGS) -c -o $@ $<
$(REPLAY): $(BUILD)/tests/bench/replay/replay.o $(BUILD)/traces.o
$(filter-out %/malloc.elf %/malloc_pools.elf,$(REPLAY)): $(BUILD)/tests/bench/replay/sbrk.o
$(addprefix $(BUILD)/tests/,bench/malloc.elf bench/malloc_pools.elf \
    bench/malloc_adversary.elf bench/levels.elf malloc/malloc.elf interrupt/forbidden.elf) \
    $(patsubst tests/%.c,$(BUILD)/tests/%.elf,$(wildcard tests/panic/malloc_*.c)): \
    $(BUILD)/libouro-malloc.a
$(BUILD)/tests/interrupt/forbidden.elf: LDFLAGS += -Wl,--wrap=ouro_port_panic
$(BUILD)/tests/unit/tracing.elf: LDFLAGS += -Wl,--wrap=trace_add,--wrap=trace_remove
$(BUILD)/tests/bench/malloc_newlib.elf: $(NEWLIB)
$(BUILD)/tests/bench/malloc_pools.elf: LDFLAGS += $(addprefix \
    -Wl$(comma)--wrap=,malloc calloc realloc free)
$(NEWLIB): | $(TOOLS)/newlib
	@test -e $@
# What the measured programs do, and the clock they do it under.
LOAD_SRC := $(wildcard tests/bench/load/*.c)
LOADED := pause pause_large pause_budget float float_large cost mmu
LOADED_TESTS := pause float
$(LOADED:%=$(BUILD)/tests/bench/%.elf) $(LOADED_TESTS:%=$(BUILD)/tests/unit/%.elf): \
    $(call objects,$(LOAD_SRC))
# Where the code memory has room for the traces.
BENCH_SRC := $(filter-out $(if $(filter mps2-an385,$(BOARD)),,tests/bench/malloc%), \
    $(wildcard tests/bench/*.c))

# Random tests: an image has its seed built in, a host program finds it in its environment.
export SEED SCALE MINUTES MILLIONS
$(eval $(call stamp,$(BUILD)/seed,$(SEED) $(SCALE)))
$(BUILD)/tests/t.o: $(BUILD)/seed
$(BUILD)/tests/t.o: CFLAGS += -DT_SEED=$(SEED)u -DT_SCALE=$(SCALE)u

# ---- installing ----

PREFIX ?= /usr/local
DESTDIR ?=
# For the shell, which takes any character.
export ROOT = $(DESTDIR)$(PREFIX)
CORE := $(patsubst -mcpu=%,%,$(filter -mcpu=%,$(CPU_FLAGS)))

# What a program on this board starts with, in one piece; and the test harness.
$(BUILD)/boot.o: $(BOOT_OBJ)
	$(QUIET)$(CC) $(CPU_FLAGS) -r -nostdlib -o $@ $^
$(BUILD)/libouro-test.a: $(BUILD)/tests/t.o

# Two files for pkg-config: the library on a core, and all that a program on a board needs.
PC_CORE = prefix=$${pcfiledir}/../.. | Name: ouro-$(CORE) | Version: 1 \
    | Description: The Python memory model for $(CORE) \
    | Cflags: $(CPU_FLAGS) -DOURO_CHECK=$(CHECK) -I$${prefix}/include \
    | Libs: $(CPU_FLAGS) -L$${prefix}/lib/ouro/$(CORE) -louro
PC_BOARD = prefix=$${pcfiledir}/../.. | Name: ouro-$(BOARD) | Version: 1 \
    | Description: Start-up code and memory map of $(BOARD) | Requires: ouro-$(CORE) \
    | Libs: -nostartfiles -L$${prefix}/lib/ouro/linker -T $(BOARD).ld \
      $${prefix}/lib/ouro/$(BOARD)/boot.o
write_pc = sed 's/ *| */\n/g' <<<'$(1)' > "$$ROOT/lib/pkgconfig/$(2).pc"

## install: libraries for each core, headers, start-up code, into DESTDIR= PREFIX=/usr/local
.PHONY: install install-core
install: | $(TOOLS)/build
	$(QUIET)install -d "$$ROOT/include/ouro" "$$ROOT/lib/pkgconfig" "$$ROOT/lib/ouro/linker"
	$(QUIET)install -m 644 runtime/include/ouro.h "$$ROOT/include"
	$(QUIET)install -m 644 runtime/include/ouro/*.h* tests/t.h "$$ROOT/include/ouro"
	$(QUIET)install -m 644 $(filter-out %loader.ld,$(wildcard linker/*.ld)) "$$ROOT/lib/ouro/linker"
	$(QUIET)install board/emulate.sh "$$ROOT/lib/ouro"
	+$(QUIET)for board in $(BOARDS); do \
	    $(MAKE) $(jobs) BOARD=$$board install-core || exit; done
INSTALLED := $(addprefix $(BUILD)/,libouro.a libouro-malloc.a libouro-console.a libouro-test.a)
install-core: $(INSTALLED) $(BUILD)/boot.o
	$(QUIET)install -d "$$ROOT/lib/ouro/$(CORE)" "$$ROOT/lib/ouro/$(BOARD)"
	$(QUIET)install -m 644 $(INSTALLED) "$$ROOT/lib/ouro/$(CORE)"
	$(QUIET)install -m 644 $(BUILD)/boot.o board/$(BOARD)/emulator.sh "$$ROOT/lib/ouro/$(BOARD)"
	$(QUIET)$(call write_pc,$(PC_CORE),ouro-$(CORE))
	$(QUIET)$(call write_pc,$(PC_BOARD),ouro-$(BOARD))

# ---- the tools each job needs, installed when they are missing ----

$(TOOLS)/%: tests/tools/install.sh
	$(QUIET)tests/tools/install.sh $* </dev/null >&2
	@mkdir -p $(@D) && touch $@

# ---- the same sources on this machine ----

HOST_DEFINES := -D_POSIX_C_SOURCE=200809L
HOST_CFLAGS := -std=c11 -ffreestanding -g -fno-omit-frame-pointer $(WARN) $(HOST_DEFINES)
SANITIZED := $(HOST_CFLAGS) -O1 -fsanitize=address,undefined -fno-sanitize-recover=all \
    -DOURO_POISON=1
HOST_64 := -m64 $(SANITIZED) -DOURO_CHECK=3
HOST_32 := -m32 $(SANITIZED) -DOURO_CHECK=2
# Sanitizers and checks from level 2 on keep programs from the common paths: here they are taken, and
# all invariants looked at between.
HOST_plain := -m32 $(HOST_CFLAGS) -O2 -DOURO_CHECK=1 -DOURO_VALIDATE=1

# $(call host_build,NAME): rules for build/host-NAME.
define host_build
$(call stamp,build/host-$(1)/cflags,$(HOSTCC) $(HOST_$(1)))
build/host-$(1)/%.o: %.c build/host-$(1)/cflags | $(TOOLS)/build $(TOOLS)/host
	$$(call say,CC,$$@)
	$(QUIET)mkdir -p $$(@D) && $(HOSTCC) $(HOST_$(1)) $$(INC) -MMD -MP -c -o $$@ $$<
$(patsubst %.c,build/host-$(1)/%.o,$(CONSOLE_SRC)): build/include/jsmn.h
build/host-$(1)/libouro.a: build/host-sources \
    $(patsubst %.c,build/host-$(1)/%.o,$(RUNTIME_SRC) tests/host/port.c)
	$(QUIET)rm -f $$@ && ar rcsD $$@ $$(filter %.o,$$^)
build/host-$(1)/tests/%: build/host-$(1)/tests/%.o build/host-$(1)/tests/t.o \
    build/host-$(1)/libouro.a
	$$(call say,LD,$$@)
	$(QUIET)$(HOSTCC) $(HOST_$(1)) -o $$@ $$(filter %.o,$$^) $$(filter %.a,$$^)
$(LOADED_TESTS:%=build/host-$(1)/tests/unit/%): $(patsubst %.c,build/host-$(1)/%.o,$(LOAD_SRC))
build/host-$(1)/ouro: $(patsubst %.c,build/host-$(1)/%.o,boot/main.c $(CONSOLE_SRC) $(LESSON_SRC)) \
    build/host-$(1)/libouro.a
	$$(call say,LD,$$@)
	$(QUIET)$(HOSTCC) $(HOST_$(1)) -o $$@ $$^
endef
$(eval $(call stamp,build/host-sources,$(RUNTIME_SRC) $(CONSOLE_SRC) $(LESSON_SRC)))
$(eval $(call host_build,64))
$(eval $(call host_build,32))
$(eval $(call host_build,plain))

# The collector's model stands alone: it shares nothing with the runtime.
build/host-64/tests/model/collector_model: \
    $(patsubst %.c,build/host-64/%.o,$(wildcard tests/model/*.c))
	$(call say,LD,$@)
	$(QUIET)$(HOSTCC) $(HOST_64) -o $@ $^

# The runtime with rule N of its collector removed, under its random test: each must fail.
RULES := 1 2 3 4 5 6 7 8 9 10 11
BREAK_CFLAGS := -std=c11 -ffreestanding -O1 -g $(WARN) $(HOST_DEFINES) -DOURO_CHECK=3 \
    -DOURO_POISON=1
BREAK_SRC := $(RUNTIME_SRC) tests/random/collector.c tests/t.c tests/host/port.c
BREAK_INPUTS := $(BREAK_SRC) build/host-break/cflags \
    $(wildcard runtime/*.h runtime/*/*.h runtime/include/ouro/*.h tests/*.h)
$(eval $(call stamp,build/host-break/cflags,$(HOSTCC) $(BREAK_CFLAGS) $(BREAK_SRC)))
build/host-break/%/tests/random/collector: $(BREAK_INPUTS) | $(TOOLS)/host
	$(call say,CC,$@)
	$(QUIET)mkdir -p $(@D) && $(HOSTCC) $(BREAK_CFLAGS) -DOURO_BREAK_RULE=$* $(INC_tests) \
	    -o $@ $(BREAK_SRC)

# ---- tests ----

PANIC_SRC := $(wildcard tests/panic/*.c)
# $(call panics,LEVEL): the tests of panics that are expected at that checking level.
panics = $(shell grep -lE '^ \* expect$(EXPECT_$(1)):' $(PANIC_SRC))
EXPECT_0 := [ ]0
EXPECT_1 := ( 0)?
EXPECT_2 := ( [02])?
EXPECT_3 := ( [023])?

# On every board and on the host under the sanitizers.
PORTABLE_TESTS := $(wildcard tests/unit/*.c tests/random/*.c)
# On the boards alone: on the host the sanitizers would be first to notice (tests/host) and have a
# malloc of their own, and there are no interrupts.
BOARD_TESTS := $(wildcard tests/malloc/*.c tests/interrupt/*.c)
PANIC_TESTS := $(call panics,$(CHECK)) $(BOARD_TESTS)
RANDOM_TESTS := $(wildcard tests/random/*.c)
# On the host without the sanitizers: what the common paths and the window matter to.
PLAIN_TESTS := $(RANDOM_TESTS) tests/unit/window.c tests/unit/two_cycles.c
# On the host alone.
HOST_TESTS := tests/model/collector_model.c
# Programs and images that the pytest files beside them run.
HOST_PARTNERS := $(filter-out tests/host/port.c,$(wildcard tests/host/*.c))
BOARD_PARTNERS := $(wildcard tests/boot/*.c tests/image/*.c) $(BENCH_SRC) $(PARITY_PAIRS)
SELFCHECK := $(wildcard tests/selfcheck/*.c)
TAP_SCRIPTS := tests/selfcheck/selfcheck.py tests/random/broken_rules.py tests/spin/check.py

images = $(patsubst tests/%.c,build/$(1)$(LEVEL)/tests/%.elf,$(2))
programs = $(patsubst tests/%.c,build/host-$(1)/tests/%,$(2))
SMALL_TESTS := $(shell grep -l T_SMALL tests/unit/*.c tests/interrupt/*.c)
BOARD_BUILDS := $(BUILD)/ouro.elf $(LOADER) \
    $(call images,$(BOARD),$(if $(filter $(SMALL_BOARDS),$(BOARD)),$(SMALL_TESTS) \
    tests/bench/boot.c tests/boot/faults.c,$(PORTABLE_TESTS) $(PANIC_TESTS) $(BOARD_PARTNERS))) \
    $(if $(LESSONS),$(BUILD)/ouro-128k.elf)
HOST_BUILDS := build/host-64/ouro $(RULES:%=build/host-break/%/tests/random/collector) \
    $(call programs,64,$(PORTABLE_TESTS) $(HOST_TESTS) $(HOST_PARTNERS) $(PARITY_PAIRS)) \
    $(call programs,32,$(PORTABLE_TESTS) tests/host/use_after_free.c) \
    $(call programs,plain,$(PLAIN_TESTS))
# The other checking levels, on one board; the host builds have levels 2 and 3.  A panic is tried at
# each level from that on at which its source expects it.
EXTRA_LEVELS := $(if $(LEVEL),,0 3)
PANIC_LEVELS := $(if $(LEVEL),,0 2 3)
LEVEL_TESTS := $(PORTABLE_TESTS) tests/interrupt/forbidden.c
at_level = $(patsubst tests/%.c,build/$(BOARD)-check$(1)/tests/%.elf,$(2))
LEVEL_PROGRAMS := $(foreach level,$(EXTRA_LEVELS),$(call at_level,$(level),$(LEVEL_TESTS))) \
    $(foreach level,$(PANIC_LEVELS),$(call at_level,$(level),$(call panics,$(level))))
# What the whole runtime takes of the code memory is held at levels 0 and 1.
FLASH_0 := $(if $(LEVEL)$(filter $(SMALL_BOARDS),$(BOARD)),,\
    build/$(BOARD)-check0/tests/bench/flash.elf)
SELFCHECK_BUILDS := $(call images,$(BOARD),$(SELFCHECK)) $(call programs,64,$(SELFCHECK))

ALL_PROGRAMS := $(LEVEL_PROGRAMS) $(TAP_SCRIPTS) \
    $(foreach board,$(LARGE_BOARDS),$(call images,$(board),$(PORTABLE_TESTS) $(PANIC_TESTS))) \
    $(foreach board,$(SMALL_BOARDS),$(call images,$(board),$(SMALL_TESTS))) \
    $(call programs,64,$(PORTABLE_TESTS) $(HOST_TESTS)) $(call programs,32,$(PORTABLE_TESTS)) \
    $(call programs,plain,$(PLAIN_TESTS))
# pytest folders that talk to a board run once for each, the others once; the console also talks as
# a program of the host, under the sanitizers.
PYTESTS := $(patsubst %/,%,$(sort $(dir $(wildcard tests/*/test_*.py))))
PYTESTS := $(filter-out tests/selfcheck tests/small,$(PYTESTS))
PYTESTS_OF_BOARDS := $(filter tests/console tests/boot tests/image tests/lessons tests/parity, \
    $(PYTESTS))
ALL_PYTESTS := $(addprefix host:,$(filter-out $(PYTESTS_OF_BOARDS),$(PYTESTS)) tests/console \
    tests/lessons tests/parity) \
    $(foreach board,$(LARGE_BOARDS),$(addprefix $(board):,$(PYTESTS_OF_BOARDS))) \
    $(SMALL_BOARDS:%=%:tests/image) $(SMALL_BOARDS:%=%:tests/small)
# Folders, and files of unit tests, of which none fits on a small board: told, so that nobody thinks
# that they ran there.
NOT_SMALL := $(patsubst tests/%.c,%,$(filter-out $(SMALL_TESTS),$(wildcard tests/unit/*.c))) \
    interrupt/forbidden random panic malloc boot console lessons parity
suite = $(QUIET)CHECK=$(CHECK) tests/tools/suite.py

# What TEST= names: unit/pool (on BOARD; HOST=1: on the host), model/collector_model (on the host),
# console or console/test_load (pytest on BOARD), selfcheck/selfcheck (a script that prints TAP).
TEST_C := $(wildcard tests/$(TEST).c)
TEST_PROGRAM := $(strip $(if $(filter $(HOST_TESTS),$(TEST_C))$(HOST),\
    $(call programs,64,$(TEST_C)),$(call images,$(BOARD),$(TEST_C))))
TEST_SCRIPT := $(filter tests/$(TEST).py,$(TAP_SCRIPTS))
TEST_FOLDER := $(filter tests/$(TEST),$(PYTESTS) tests/small)
TEST_PYTEST := $(if $(TEST_SCRIPT),,$(wildcard tests/$(TEST).py $(TEST_FOLDER)))
TEST_LABEL := $(if $(filter host/%,$(TEST)/)$(HOST),host,$(BOARD))
TEST_NEEDS := $(if $(filter host/% random/%,$(TEST)/)$(HOST),host-builds,\
    $(if $(filter selfcheck/%,$(TEST)),selfcheck-builds,\
    $(if $(filter spin/%,$(TEST)),$(TOOLS)/spin,board-builds)))

## test: every test, on every board and on the host; TEST=unit/pool: one, on BOARD
.PHONY: test
ifeq ($(TEST),)
test: | $(TOOLS)/test $(TOOLS)/host $(TOOLS)/build
	+$(QUIET)for board in $(BOARDS); do $(MAKE) -k $(jobs) BOARD=$$board board-builds; done; \
	    for level in $(PANIC_LEVELS); do $(MAKE) -k $(jobs) CHECK=$$level level-builds; done; \
	    $(MAKE) -k $(jobs) host-builds selfcheck-builds; true
	$(suite) $(ALL_PYTESTS:%=--pytest %) $(ALL_PROGRAMS) \
	    $(foreach board,$(SMALL_BOARDS),$(NOT_SMALL:%=--skip '%, $(board): needs more memory'))
else ifneq ($(TEST_PROGRAM)$(TEST_SCRIPT)$(TEST_PYTEST),)
test: $(TEST_PROGRAM) | $(TOOLS)/test
	+$(if $(TEST_PROGRAM),,$(QUIET)$(MAKE) -k $(jobs) $(TEST_NEEDS))
	$(suite) $(TEST_PYTEST:%=--pytest $(TEST_LABEL):%) $(TEST_PROGRAM) $(TEST_SCRIPT)
else
test:
	@echo "TEST=$(TEST): no tests/$(TEST).c or .py; for example TEST=unit/pool" >&2; false
endif

## test-host: the tests of the runtime here, under ASan and UBSan, 64 and 32 bits, and without
.PHONY: test-host
test-host: $(HOST_BUILDS) | $(TOOLS)/test
	$(suite) $(call programs,64,$(PORTABLE_TESTS) $(HOST_TESTS)) \
	    $(call programs,32,$(PORTABLE_TESTS)) $(call programs,plain,$(PLAIN_TESTS))

## test-selfcheck: see that a failure, a crash, a hang, a fault and a short plan are noticed
.PHONY: test-selfcheck
test-selfcheck: $(SELFCHECK_BUILDS) | $(TOOLS)/test
	$(suite) tests/selfcheck/selfcheck.py

.PHONY: level-builds board-builds host-builds selfcheck-builds
level-builds: $(call images,$(BOARD),$(call panics,$(CHECK)) $(if $(filter 2,$(CHECK)),,$(LEVEL_TESTS)))
board-builds: $(BOARD_BUILDS)
	+$(if $(FLASH_0),$(QUIET)$(MAKE) CHECK=0 $(FLASH_0))
host-builds: $(HOST_BUILDS)
selfcheck-builds: $(SELFCHECK_BUILDS)

## spin: the collector's model against every possible mutator; LARGER=1: on larger heaps, too
.PHONY: spin
spin: | $(TOOLS)/spin
	$(QUIET)LONGER=1 CHECK=$(CHECK) tests/tools/suite.py tests/spin/check.py

STRESS := $(call programs,64,$(RANDOM_TESTS) $(HOST_TESTS)) $(call programs,32,$(RANDOM_TESTS)) \
    $(call programs,plain,$(PLAIN_TESTS))

# On boards: what is looked for at CHECK=1.
STRESS_IMAGES := $(call images,$(BOARD),$(RANDOM_TESTS) tests/interrupt/storm.c)
.PHONY: stress-images stress-list
stress-images: $(STRESS_IMAGES)
stress-list:
	@printf '%s\n' $(STRESS_IMAGES)

# The random mutator runs longest where it takes the paths that a board takes.
LONG_RUN := build/host-plain/tests/random/collector
## stress: new seeds for MINUTES=3, MILLIONS=100 of operations, mutants, larger models
.PHONY: stress
stress: | $(TOOLS)/test $(TOOLS)/host $(TOOLS)/build
	+$(QUIET)$(MAKE) $(jobs) $(STRESS) $(LONG_RUN)
	+$(QUIET)BOARDS='$(LARGE_BOARDS)' LONG_RUN=$(LONG_RUN) tests/tools/stress.sh $(STRESS)

# ---- running on a board ----

script = $(QUIET)BOARD=$(BOARD) BUILD=$(BUILD) KEEP=$(KEEP) CROSS=$(CROSS)
FIRMWARE = $(if $(KEEP),,$(BUILD)/ouro.elf $(LOADER))

## run: open the board's console in this terminal (Ctrl-] x leaves)
.PHONY: run
run: $(FIRMWARE) | $(TOOLS)/run
	$(script) board/run.sh

## flash: write the program to the board's flash image, verify it there
.PHONY: flash
flash: $(BUILD)/ouro.elf $(LOADER) | $(TOOLS)/run
	$(script) board/flash.sh

## debug: gdb on the board, symbols loaded, stopped at main
.PHONY: debug
debug: $(BUILD)/ouro.elf $(LOADER) | $(TOOLS)/run $(TOOLS)/debug
	$(script) board/debug.sh

## symbolize: append function:line to every code address of a log (make -s symbolize < log)
.PHONY: symbolize
symbolize: | $(TOOLS)/build $(TOOLS)/python
	$(script) boot/symbolize.py $(BUILD)/ouro.elf

# ---- figures ----

BENCHES := $(call images,$(BOARD),$(if $(TEST),$(TEST:%=tests/bench/%.c),$(BENCH_SRC)))
BENCH_TABLE := build/bench/$(BOARD)$(TEST:%=-%).tsv

# What the checking levels cost is measured at each of them.
OTHER_LEVELS := $(if $(LEVEL)$(TEST),,0 2 3)
other_level = build/$(BOARD)-check$(1)/tests/bench/levels.elf
BENCH_FLASH := $(if $(TEST),,$(FLASH_0))

# The pictures have other collectors' figures beside, which are of a Cortex-M3.
PLOT := $(if $(TEST)$(LEVEL),,$(patsubst mps2-an385,tests/tools/plot.sh $(BENCH_TABLE),\
    $(filter mps2-an385,$(BOARD))))

## bench: measure (10 minutes), into build/bench/BOARD.tsv; SCALE=2: all of it; TEST=malloc: one image
.PHONY: bench
bench: $(BENCHES) $(BUILD)/ouro.elf | $(TOOLS)/run $(if $(PLOT),$(TOOLS)/plot)
	+$(QUIET)$(foreach level,$(OTHER_LEVELS),$(MAKE) CHECK=$(level) $(call other_level,$(level)) &&) :
	+$(QUIET)$(if $(BENCH_FLASH),$(MAKE) CHECK=0 $(BENCH_FLASH))
	$(script) tests/tools/bench.sh $(BENCH_TABLE) $(BENCHES) $(BENCH_FLASH) \
	    $(foreach level,$(OTHER_LEVELS),$(call other_level,$(level)))
	$(if $(PLOT),$(QUIET)$(PLOT))

## profile: instructions by function of a run from reset to the prompt
.PHONY: profile
profile: $(BUILD)/ouro.elf | $(TOOLS)/run $(TOOLS)/host $(TOOLS)/python
	$(script) board/profile/profile.sh

## size: text, data and bss of each module, what a program of all types links, and the arena left
.PHONY: size
size: $(BUILD)/ouro.elf $(if $(filter $(SMALL_BOARDS),$(BOARD)),,$(call images,$(BOARD),tests/bench/flash.c))
	$(script) tests/tools/size.sh

# The picture is drawn from what `make bench` has left.
PICTURED := $(wildcard build/bench/mps2-an385.tsv)

## readme: put the lessons of README.md there anew, as the board prints them, and its picture
.PHONY: readme
readme: $(BUILD)/ouro.elf | $(TOOLS)/run $(TOOLS)/test
	$(script) CHECK=$(CHECK) tests/console/readme.py
	$(if $(PICTURED),$(QUIET)tests/tools/picture.py $(PICTURED) tests/bench/peers.tsv tests/bench/pause.svg)

# ---- order in the sources ----

# Each file is analysed with the flags of the board it belongs to; what belongs to none, with the
# first board's.
C_FILES := $(shell git ls-files -co --exclude-standard '*.c' '*.h')
LOADER_SRC := $(wildcard board/loader/*.c board/$(BOARD)/loader/*.c)
$(LOADER_SRC:%=$(BUILD)/tidy/%.ok): INC += -Iboard/loader
TIDY_SRC := $(BOOT_SRC) $(LOADER_SRC) $(if $(filter $(BOARD),$(firstword $(BOARDS))),boot/main.c \
    $(RUNTIME_SRC) $(MALLOC_SRC) $(CONSOLE_SRC) $(LESSON_SRC) tests/t.c $(wildcard tests/bench/replay/*.c) $(LOAD_SRC) \
    $(PORTABLE_TESTS) $(PANIC_SRC) $(BOARD_TESTS) $(BOARD_PARTNERS))
TIDY_HOST_SRC := $(wildcard tests/model/*.c) $(HOST_PARTNERS) tests/host/port.c
TIDY_BOARD := --target=arm-none-eabi $(CPU_FLAGS) -isystem /usr/lib/picolibc/arm-none-eabi/include
define tidy
$(call say,TIDY,$<)
$(QUIET)clang-tidy --quiet $< -- -std=c11 -ffreestanding -Wall -Wextra $(1) $(INC) 2>&1 | \
    { ! grep -v -e 'warnings\? generated' -e '^Suppressed' -e '^Use -header' >&2; }
@mkdir -p $(@D) && touch $@
endef

TIDY_INPUTS := .clang-tidy tests/.clang-tidy $(filter %.h,$(C_FILES))
$(BUILD)/tidy/%.ok: % $(TIDY_INPUTS) | $(TOOLS)/lint $(TOOLS)/build build/include/jsmn.h
	$(call tidy,$(TIDY_BOARD))
build/host-64/tidy/%.ok: % $(TIDY_INPUTS) | $(TOOLS)/lint $(TOOLS)/host
	$(call tidy,$(HOST_DEFINES))

## lint: formatting, clang-tidy, cppcheck, and the fences between the layers
.PHONY: lint lint-format lint-tidy lint-cppcheck lint-fences lint-mutants
lint: | $(TOOLS)/lint $(TOOLS)/build
	+$(QUIET)failed=0; \
	for check in lint-format lint-fences lint-mutants lint-cppcheck \
	    $(BOARDS:%=lint-tidy+BOARD=%); do \
	    $(MAKE) -k $(jobs) $${check/+/ } >&2 || { echo "lint: $$check failed" >&2; failed=1; }; \
	done; exit $$failed
lint-format:
	$(QUIET)clang-format --dry-run -Werror $(C_FILES)
lint-tidy: $(patsubst %,$(BUILD)/tidy/%.ok,$(filter %.c,$(TIDY_SRC))) \
    $(patsubst %,build/host-64/tidy/%.ok,$(TIDY_HOST_SRC))
# Left to clang-tidy, which does better: macros of sections, ends of sections compared, and buffers
# that a function fills.
CPPCHECK_QUIET := $(addprefix --suppress=,unknownMacro comparePointers uninitvar ctuuninitvar)
lint-cppcheck:
	$(QUIET)cppcheck --quiet --std=c11 --enable=warning,performance,portability --inline-suppr \
	    --error-exitcode=1 $(CPPCHECK_QUIET) -DOURO_CHECK=1 -UOURO_BREAK_RULE -UOURO_POISON \
	    -Iruntime/include -Iruntime -Iboot -Itests $(filter %.c,$(C_FILES))
lint-fences:
	$(QUIET)tests/tools/fences.py
lint-mutants:
	$(QUIET)tests/tools/mutate.py --check

# ---- the rest ----

## help: this list
.PHONY: help
help:
	@awk '/^## / { sub(/^## /, ""); i = index($$0, ": "); \
	    printf "  make %-14s  %s\n", substr($$0, 1, i - 1), substr($$0, i + 2) }' Makefile
	@echo; echo "  BOARD=$(subst $(space),|,$(BOARDS))  CHECK=0..3  ARENA=16K..16M  KEEP=1  V=1"
	@echo "  TEST=unit/pool  HOST=1  SEED=1  SCALE=1  MINUTES=3  MILLIONS=100"

## clean: remove everything that was built
.PHONY: clean
clean:
	$(QUIET)rm -rf build

.PHONY: all FORCE
FORCE:

-include $(shell find $(BUILD) build/host-64 build/host-32 build/host-plain -name '*.d' 2>/dev/null)
