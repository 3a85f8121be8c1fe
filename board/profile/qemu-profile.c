/* SPDX-License-Identifier: MIT
 * qemu-profile.c - a QEMU TCG plugin for the host: how often each guest instruction ran, exactly.
 *
 * Debian's QEMU 7.2 loads plugins but ships no header; the declarations of plugin API 1 that are
 * needed stand below.  It slows emulation two- to threefold and changes nothing the guest sees.
 * profile.sh builds and uses it:
 *
 *   qemu-system-arm ... -plugin ./qemu-profile.so,out=FILE
 *
 * FILE gets a line "ADDRESS COUNT" (hex, decimal) for each instruction that ran. */
#include <inttypes.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define EXPORT __attribute__((visibility("default")))

typedef uint64_t plugin_id;
struct qemu_plugin_tb;
struct qemu_plugin_insn;
typedef void translate_fn(plugin_id id, struct qemu_plugin_tb *tb);
typedef void execute_fn(unsigned cpu, void *context);
typedef void exit_fn(plugin_id id, void *context);
enum { CALLBACK_NO_REGISTERS = 0 };

extern void qemu_plugin_register_vcpu_tb_trans_cb(plugin_id id, translate_fn *call);
extern void qemu_plugin_register_vcpu_tb_exec_cb(struct qemu_plugin_tb *tb, execute_fn *call,
                                                 int flags, void *context);
extern size_t qemu_plugin_tb_n_insns(const struct qemu_plugin_tb *tb);
extern struct qemu_plugin_insn *qemu_plugin_tb_get_insn(const struct qemu_plugin_tb *tb, size_t i);
extern uint64_t qemu_plugin_insn_vaddr(const struct qemu_plugin_insn *insn);
extern void qemu_plugin_register_atexit_cb(plugin_id id, exit_fn *call, void *context);

extern EXPORT int qemu_plugin_version;
EXPORT int qemu_plugin_version = 1;
EXPORT int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv);

/* A translated block runs from its first instruction to its last, unless it faults: counting
 * blocks and spreading the count over their instructions is exact but for such a tail. */
struct block {
    uint64_t runs;
    size_t count;
    struct block *next;
    uint64_t address[];
};
static struct block *blocks;
static const char *out_path = "pc.txt";

static void on_run(unsigned cpu, void *context)
{
    (void)cpu;
    ((struct block *)context)->runs++;
}

static void on_translate(plugin_id id, struct qemu_plugin_tb *tb)
{
    (void)id;
    size_t count = qemu_plugin_tb_n_insns(tb);
    struct block *block = calloc(1, sizeof *block + count * sizeof block->address[0]);
    if (!block) return;
    block->count = count;
    for (size_t i = 0; i < count; i++) {
        block->address[i] = qemu_plugin_insn_vaddr(qemu_plugin_tb_get_insn(tb, i));
    }
    block->next = blocks;
    blocks = block;
    qemu_plugin_register_vcpu_tb_exec_cb(tb, on_run, CALLBACK_NO_REGISTERS, block);
}

static void on_exit_write(plugin_id id, void *context)
{
    (void)id;
    (void)context;
    FILE *out = fopen(out_path, "w");
    if (!out) return;
    for (const struct block *block = blocks; block; block = block->next) {
        for (size_t i = 0; block->runs != 0u && i < block->count; i++) {
            fprintf(out, "%" PRIx64 " %" PRIu64 "\n", block->address[i], block->runs);
        }
    }
    fclose(out);
}

int qemu_plugin_install(plugin_id id, const void *info, int argc, char **argv)
{
    (void)info;
    for (int i = 0; i < argc; i++) {
        if (strncmp(argv[i], "out=", 4) == 0) out_path = strdup(argv[i] + 4);
    }
    qemu_plugin_register_vcpu_tb_trans_cb(id, on_translate);
    qemu_plugin_register_atexit_cb(id, on_exit_write, NULL);
    return 0;
}
