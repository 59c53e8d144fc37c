#include "report/html_text.h"

#include "report/plain_text.h"

namespace tonewright {

std::string escaped(std::string_view text) {
    std::string result;
    for (char c : plainText(text)) {
        switch (c) {
            case '&': result += "&amp;"; break;
            case '<': result += "&lt;"; break;
            case '>': result += "&gt;"; break;
            case '"': result += "&quot;"; break;
            case '\'': result += "&#39;"; break;
            default: result += c;
        }
    }
    return result;
}

std::string nameHtml(std::string_view name) { return "<bdi>" + escaped(name) + "</bdi>"; }

std::string fileLink(std::string_view relativePath) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";
    std::string link = "./";  // so that a name with a colon is no scheme
    for (char c : relativePath) {
        if (kPlain.find(c) != std::string_view::npos) {
            link += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        link += '%';
        link += kHex[byte >> 4];
        link += kHex[byte & 15];
    }
    return link;
}

std::string element(std::string_view tag, std::string_view css, std::string_view content) {
    std::string html = "<" + std::string(tag);
    if (!css.empty()) html += " class=\"" + std::string(css) + "\"";
    return html + ">" + std::string(content) + "</" + std::string(tag) + ">";
}

}  // namespace tonewright
