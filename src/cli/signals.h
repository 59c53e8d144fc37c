#pragma once

namespace tonewright {

// From now on Ctrl-C and a polite kill ask the work to stop instead of ending the process, so that nothing half-written
// stays behind. A second one ends it at once.
void catchSignals();

// The signal that asked to stop, or 0.
int caughtSignal();

}  // namespace tonewright
