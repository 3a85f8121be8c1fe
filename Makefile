# SPDX-License-Identifier: MIT
#
# Makefile - builds, runs, tests and measures everything; `make help` lists the targets.
#
# All output goes to build/: build/BOARD (build/BOARD-checkN for CHECK=N other than 1) for a board,
# build/host-64 and build/host-32 for the sanitizer builds of the same sources.  Folders are built
# by wildcard: a new .c file in runtime/, runtime/types/, runtime/console/, boot/, board/NAME/ or
# tests/unit/ needs no line here.  The layers are fenced by include paths (INC_... below).
# Messages of the build go to stderr, so that stdout of `make -s run` is the console's alone.

BOARD ?= mps2-an385
CHECK ?= 1
ARENA ?=
TEST ?=
SEED ?= 1
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

BOARDS := $(patsubst board/%/board.mk,%,$(wildcard board/*/board.mk))
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
say = $(if $(V)$(findstring s,$(filter-out --%,$(firstword -$(MAKEFLAGS)))),,@printf '  %-5s %s\n' $(1) $(2) >&2)
jobs = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))

all: $(BUILD)/ouro.elf

# ---- flags ----

comma := ,
WARN := -Wall -Wextra -Werror -Wconversion -Wshadow -Wundef -Wvla -Wmissing-prototypes \
    -Wswitch-enum -Wstrict-prototypes
CC := $(CROSS)gcc
include board/$(BOARD)/board.mk

CFLAGS := -std=c11 -ffreestanding -O2 -g -ffunction-sections -fdata-sections -funwind-tables \
    $(WARN) --specs=picolibc.specs $(CPU_FLAGS) -DOURO_CHECK=$(CHECK)
LDFLAGS := --specs=picolibc.specs $(CPU_FLAGS) -nostartfiles -L linker -T linker/$(BOARD).ld \
    -Wl,--gc-sections -Wl,--fatal-warnings $(if $(ARENA),-Wl$(comma)--defsym=ouro_arena_limit=$(ARENA_BYTES))

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
$(eval $(call stamp,$(BUILD)/cflags,$(CC) $(CFLAGS)))
$(eval $(call stamp,$(BUILD)/ldflags,$(CC) $(LDFLAGS)))

# ---- libraries and firmware of one board ----

RUNTIME_SRC := $(wildcard runtime/*.c runtime/types/*.c)
CONSOLE_SRC := $(wildcard runtime/console/*.c)
BOOT_SRC := $(filter-out boot/main.c,$(wildcard boot/*.c)) \
    $(wildcard boot/$(ARCH)/*.c boot/$(ARCH)/*.S board/$(BOARD)/*.c)
objects = $(addprefix $(BUILD)/,$(addsuffix .o,$(basename $(1))))
LIBS := $(BUILD)/libouro-console.a $(BUILD)/libouro.a
BOOT_OBJ := $(call objects,$(BOOT_SRC))
$(eval $(call stamp,$(BUILD)/sources,$(RUNTIME_SRC) $(CONSOLE_SRC) $(BOOT_SRC)))

$(BUILD)/%.o: %.c $(BUILD)/cflags | $(TOOLS)/build
	$(call say,CC,$<)
	$(QUIET)mkdir -p $(@D) && $(CC) $(CFLAGS) $(INC) -MMD -MP -c -o $@ $<
$(BUILD)/%.o: %.S $(BUILD)/cflags | $(TOOLS)/build
	$(call say,AS,$<)
	$(QUIET)mkdir -p $(@D) && $(CC) $(CFLAGS) $(INC) -MMD -MP -c -o $@ $<

$(call objects,$(CONSOLE_SRC)): build/include/jsmn.h
build/include/jsmn.h: | $(TOOLS)/build
	$(QUIET)mkdir -p $(@D) && cp /usr/include/jsmn.h $@

$(BUILD)/libouro.a: $(call objects,$(RUNTIME_SRC))
$(BUILD)/libouro-console.a: $(call objects,$(CONSOLE_SRC))
$(BUILD)/lib%.a: $(BUILD)/sources
	$(call say,AR,$@)
	$(QUIET)rm -f $@ && $(CROSS)ar rcsD $@ $(filter %.o,$^)

# The console is linked whole, since its commands are found by section and not by name.
whole = $(if $(filter %/ouro.elf %/bench/boot.elf,$@),-Wl$(comma)--whole-archive $(BUILD)/libouro-console.a \
    -Wl$(comma)--no-whole-archive)
define link
$(call say,LD,$@)
$(QUIET)mkdir -p $(@D) && $(CC) $(LDFLAGS) -Wl,-Map=$(@:.elf=.map) -o $@ $(filter %.o,$^) \
    $(whole) $(filter %.a,$^)
endef
LINK_INPUTS := $(BOOT_OBJ) $(LIBS) $(BUILD)/ldflags $(BUILD)/sources $(wildcard linker/*.ld)

$(BUILD)/ouro.elf: $(BUILD)/boot/main.o $(LINK_INPUTS)
	$(link)
$(BUILD)/tests/%.elf: $(BUILD)/tests/%.o $(BUILD)/tests/t.o $(LINK_INPUTS)
	$(link)
$(BUILD)/tests/bench/boot.elf: $(BUILD)/boot/main.o
$(BUILD)/tests/bench/boot.elf: LDFLAGS += -Wl,--wrap=ouro_port_get

$(eval $(call stamp,$(BUILD)/seed,$(SEED)))
$(BUILD)/tests/t.o: $(BUILD)/seed
$(BUILD)/tests/t.o: CFLAGS += -DT_SEED=$(SEED)u

# ---- the tools each job needs, installed when they are missing ----

$(TOOLS)/%: tests/tools/install.sh
	$(QUIET)tests/tools/install.sh $* </dev/null >&2
	@mkdir -p $(@D) && touch $@

# ---- the same sources on this machine, under the sanitizers ----

HOST_CFLAGS := -std=c11 -ffreestanding -O1 -g -fno-omit-frame-pointer $(WARN) \
    -fsanitize=address,undefined -fno-sanitize-recover=all -DOURO_POISON=1
HOST_CHECK_64 := 3
HOST_CHECK_32 := 2

# $(call host_build,BITS): rules for build/host-BITS.
define host_build
$(call stamp,build/host-$(1)/cflags,$(HOSTCC) $(HOST_CFLAGS) $(HOST_CHECK_$(1)) $(SEED))
build/host-$(1)/%.o: %.c build/host-$(1)/cflags | $(TOOLS)/build $(TOOLS)/host
	$$(call say,CC,$$@)
	$(QUIET)mkdir -p $$(@D) && $(HOSTCC) -m$(1) $(HOST_CFLAGS) -DOURO_CHECK=$(HOST_CHECK_$(1)) \
	    -DT_SEED=$(SEED)u $$(INC) -MMD -MP -c -o $$@ $$<
build/host-$(1)/runtime/console/%.o: build/include/jsmn.h
build/host-$(1)/libouro.a: $(patsubst %.c,build/host-$(1)/%.o,$(RUNTIME_SRC) tests/host/port.c)
	$(QUIET)rm -f $$@ && ar rcsD $$@ $$(filter %.o,$$^)
build/host-$(1)/tests/%: build/host-$(1)/tests/%.o build/host-$(1)/tests/t.o build/host-$(1)/libouro.a
	$$(call say,LD,$$@)
	$(QUIET)$(HOSTCC) -m$(1) $(HOST_CFLAGS) -o $$@ $$^
build/host-$(1)/ouro: $(patsubst %.c,build/host-$(1)/%.o,boot/main.c $(CONSOLE_SRC)) build/host-$(1)/libouro.a
	$$(call say,LD,$$@)
	$(QUIET)$(HOSTCC) -m$(1) $(HOST_CFLAGS) -o $$@ $$^
endef
$(eval $(call host_build,64))
$(eval $(call host_build,32))

# ---- tests ----

# On every board and on the host; tests/boot images are run by tests/boot/*.py.
PORTABLE_TESTS := $(wildcard tests/unit/*.c tests/random/*.c tests/panic/*.c)
BOARD_TESTS := $(PORTABLE_TESTS) $(wildcard tests/selfcheck/*.c tests/boot/*.c tests/bench/*.c)
HOST_ONLY_TESTS := $(wildcard tests/model/*.c)
PYTESTS := $(sort $(dir $(wildcard tests/*/test_*.py)))

board_programs = $(patsubst tests/%.c,build/$(1)$(LEVEL)/tests/%.elf,$(PORTABLE_TESTS))
host_programs = $(patsubst tests/%.c,build/host-64/tests/%,$(PORTABLE_TESTS) $(HOST_ONLY_TESTS)) \
    $(patsubst tests/%.c,build/host-32/tests/%,$(PORTABLE_TESTS))

# What TEST= asks for: an image on BOARD, a program of the host, or pytest on a file or folder.
one_program := $(if $(wildcard tests/$(TEST).c),$(if $(filter model/% host/%,$(TEST)),\
    build/host-64/tests/$(TEST),$(BUILD)/tests/$(TEST).elf))
one_pytest := $(firstword $(wildcard tests/$(TEST).py $(if $(TEST),tests/$(TEST)/test_*.py tests/$(TEST))))
# ---- running on a board ----

script = $(QUIET)BOARD=$(BOARD) BUILD=$(BUILD) KEEP=$(KEEP) CROSS=$(CROSS)

## run: open the board's console in this terminal (Ctrl-] x leaves)
.PHONY: run
run: $(if $(KEEP),,$(BUILD)/ouro.elf) | $(TOOLS)/run
	$(script) board/run.sh

## help: this list
.PHONY: help
help:
	@awk '/^## /{sub(/^## /,""); i=index($$0,": "); printf "  make %-14s %s\n", substr($$0,1,i-1), substr($$0,i+2)}' $(firstword $(MAKEFILE_LIST))

## clean: remove everything that was built
.PHONY: clean
clean:
	$(QUIET)rm -rf build

.PHONY: all FORCE
FORCE:

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
