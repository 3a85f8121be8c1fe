/* SPDX-License-Identifier: MIT
 * ouro.h - the whole public interface: include this one. */
#ifndef OURO_H
#define OURO_H

#include "ouro/abstract.h"
#include "ouro/bytes.h"
#include "ouro/cache.h"
#include "ouro/classes.h"
#include "ouro/config.h"
#include "ouro/core.h"
#include "ouro/diag.h"
#include "ouro/exception.h"
#include "ouro/flash.h"
#include "ouro/gc.h"
#include "ouro/generator.h"
#include "ouro/isr.h"
#include "ouro/module.h"
#include "ouro/number.h"
#include "ouro/port.h"
#include "ouro/search.h"
#include "ouro/set.h"
#include "ouro/sys.h"
#include "ouro/text.h"
#include "ouro/tracemalloc.h"
#include "ouro/types.h"
#include "ouro/weakref.h"

#endif
