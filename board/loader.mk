# SPDX-License-Identifier: MIT
# loader.mk - the flash loader of a board: common part, its own part, its UART and exit.
LOADER     := $(BUILD)/loader.elf
LOADER_OBJ := $(patsubst %.c,$(BUILD)/%.o,$(wildcard board/loader/*.c board/$(BOARD)/loader/*.c) \
    board/$(BOARD)/uart.c board/$(BOARD)/exit.c)
$(LOADER_OBJ): INC += -Iboard/loader
$(LOADER): $(LOADER_OBJ) linker/$(BOARD)-loader.ld linker/loader.ld
	$(call say,LD,$@)
	$(QUIET)$(CC) --specs=picolibc.specs $(CPU_FLAGS) -nostartfiles -L linker \
	    -T linker/$(BOARD)-loader.ld -Wl,--gc-sections -Wl,--no-warn-rwx-segments \
	    -o $@ $(LOADER_OBJ)
