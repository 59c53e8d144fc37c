#include "tests/report/markup.h"

#include <algorithm>
#include <set>
#include <vector>

namespace tonewright::test {

namespace {

constexpr std::pair<std::string_view, char> kReferences[] = {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};

bool isVoid(const std::string& tag) { return tag == "meta" || tag == "br"; }
bool isNameCharacter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; }

class Checker {
public:
    explicit Checker(std::string_view markup) : text_(markup) {}

    std::string check() {
        if (text_.starts_with("<!doctype html>")) at_ = 15;
        while (error_.empty() && at_ < text_.size()) {
            if (text_[at_] == '<')
                tag();
            else if (text_[at_] == '&')
                reference();
            else
                ++at_;
        }
        if (error_.empty() && !open_.empty()) error_ = "not closed: " + open_.back();
        for (const std::string& link : links_)
            if (error_.empty() && !ids_.contains(link)) error_ = "link to nowhere: #" + link;
        return error_;
    }

private:
    void fail(const std::string& what) {
        if (error_.empty()) error_ = what + " near: " + std::string(text_.substr(at_ > 40 ? at_ - 40 : 0, 120));
    }

    void reference() {
        for (const auto& [name, c] : kReferences)
            if (text_.substr(at_).starts_with(name)) {
                at_ += name.size();
                return;
            }
        fail("a stray &");
    }

    std::string name() {
        const std::size_t start = at_;
        while (at_ < text_.size() && isNameCharacter(text_[at_])) ++at_;
        return std::string(text_.substr(start, at_ - start));
    }

    void tag() {
        ++at_;
        if (text_.substr(at_).starts_with("/")) {
            ++at_;
            const std::string closed = name();
            if (open_.empty() || open_.back() != closed) return fail("</" + closed + "> closes nothing");
            open_.pop_back();
            if (text_.substr(at_, 1) != ">") return fail("no > after </" + closed);
            ++at_;
            return;
        }
        const std::string opened = name();
        if (opened.empty()) return fail("a stray <");
        while (error_.empty() && text_.substr(at_).starts_with(" ")) {
            ++at_;
            attribute();
        }
        const bool closesItself = text_.substr(at_).starts_with("/>");
        if (closesItself) ++at_;
        if (text_.substr(at_, 1) != ">") return fail("no > after <" + opened);
        ++at_;
        if (opened == "script") return fail("a script");
        if (opened == "style") {
            at_ = text_.find("</style>", at_);
            if (at_ == std::string_view::npos) {
                at_ = text_.size();
                return fail("style not closed");
            }
        }
        if (!closesItself && !isVoid(opened)) open_.push_back(opened);
    }

    void attribute() {
        const std::string key = name();
        if (key.empty() || !text_.substr(at_).starts_with("=\"")) return fail("an attribute without a quoted value: " + key);
        at_ += 2;
        const std::size_t start = at_;
        while (error_.empty() && at_ < text_.size() && text_[at_] != '"') {
            if (text_[at_] == '<') return fail("< in an attribute");
            if (text_[at_] == '&')
                reference();
            else
                ++at_;
        }
        const std::string value(text_.substr(start, at_ - start));
        ++at_;
        if (key.starts_with("on") || key == "src") return fail("an attribute that has no place here: " + key);
        if (key == "id" && !ids_.insert(value).second) return fail("id used twice: " + value);
        if (key == "href" && value.starts_with("#")) links_.push_back(value.substr(1));
        if (key == "href" && !value.starts_with("#") && !value.starts_with("./")) return fail("a link elsewhere: " + value);
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::string error_;
    std::vector<std::string> open_, links_;
    std::set<std::string> ids_;
};

}  // namespace

std::string markupErrors(std::string_view markup) { return Checker(markup).check(); }

std::string visibleText(std::string_view markup) {
    std::string text;
    for (std::size_t at = 0; at < markup.size();) {
        if (markup.substr(at).starts_with("<style>")) at = std::min(markup.find("</style>", at), markup.size());
        if (at < markup.size() && markup[at] == '<') {
            at = std::min(markup.find('>', at), markup.size() - 1) + 1;
            continue;
        }
        const auto reference = std::find_if(std::begin(kReferences), std::end(kReferences), [&](const auto& r) { return markup.substr(at).starts_with(r.first); });
        if (reference != std::end(kReferences)) {
            text += reference->second;
            at += reference->first.size();
        } else if (at < markup.size()) {
            text += markup[at++];
        }
    }
    return text;
}

}  // namespace tonewright::test
