#pragma once
#include <string>
#include <string_view>

namespace tonewright {

// Text made safe for HTML, inside elements and inside quoted attributes: & < > " ' become character references, control
// characters and broken UTF-8 are cleaned away (plainText).
std::string escaped(std::string_view text);

// A name that somebody else chose: escaped, and isolated so that right-to-left letters do not reorder what stands around.
std::string nameHtml(std::string_view name);

// A relative link to a file beside the page: percent-encoded (RFC 3986), '/' kept.
std::string fileLink(std::string_view relativePath);

// <tag class="css">content</tag>; content is HTML.
std::string element(std::string_view tag, std::string_view css, std::string_view content);

}  // namespace tonewright
