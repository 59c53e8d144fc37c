#pragma once
#include <stdexcept>
#include <string>

namespace tonewright {

// What went wrong, by who can mend it. The command turns it into its exit code (docs/command.md).
enum class ErrorKind {
    internal,      // 1: a fault of ours
    usage,         // 2: the command line
    input,         // 3: a file or plan that cannot be read or used
    output,        // 4: a result that cannot be written, or exists already
    target,        // 5: a target was missed under --strict
    component,     // 8: a component that was not built in
    cancelled,     // 130, 143: a signal
};

// An error for people: the text says what happened, to which file, the likely reason, and what to do.
class Error : public std::runtime_error {
public:
    Error(ErrorKind kind, const std::string& text) : std::runtime_error(text), kind_(kind) {}
    ErrorKind kind() const { return kind_; }

private:
    ErrorKind kind_;
};

struct UsageError : Error {
    explicit UsageError(const std::string& text) : Error(ErrorKind::usage, text) {}
};
struct InputError : Error {
    explicit InputError(const std::string& text) : Error(ErrorKind::input, text) {}
};
struct OutputError : Error {
    explicit OutputError(const std::string& text) : Error(ErrorKind::output, text) {}
};
struct Cancelled : Error {
    Cancelled() : Error(ErrorKind::cancelled, "stopped before the end; nothing was written") {}
};

// Doubtful but workable: collected into the report, never printed by the library.
struct Warning {
    std::string code;  // "input.mp3", a stable word for programs
    std::string text;  // a sentence for people

    bool operator==(const Warning&) const = default;
};

}  // namespace tonewright
