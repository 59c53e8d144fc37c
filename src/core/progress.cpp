#include "core/progress.h"

#include "core/error.h"

namespace tonewright {

void Progress::throwIfCancelled() const {
    if (cancelled()) throw Cancelled();
}

}  // namespace tonewright
