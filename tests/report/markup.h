#pragma once
#include <string>
#include <string_view>

namespace tonewright::test {

// What is wrong with a piece of HTML or SVG, "" if nothing: every element closed in order, attributes quoted, no stray < or
// &, character references known, ids unique, and every #link with its target.
std::string markupErrors(std::string_view markup);

// The text that a reader sees: tags, styles and attributes taken away, character references put back.
std::string visibleText(std::string_view markup);

}  // namespace tonewright::test
