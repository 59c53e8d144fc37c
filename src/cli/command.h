#pragma once

namespace tonewright {

// The tonewright command: parses, runs, prints, and returns the exit code (docs/command.md). Never throws.
int runCommand(int argc, char** argv);

}  // namespace tonewright
