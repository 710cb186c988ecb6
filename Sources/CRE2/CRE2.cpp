#include "CRE2.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include <re2/re2.h>

struct cre2_pattern {
  explicit cre2_pattern(re2::StringPiece text, const re2::RE2::Options &options) : expression(text, options) {}

  re2::RE2 expression;
};

extern "C" {

cre2_pattern *cre2_compile(const char *pattern, size_t length, int64_t memory, char *message,
                           size_t capacity) noexcept {
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(memory);
  auto *compiled = new cre2_pattern(re2::StringPiece(pattern, length), options);
  if (compiled->expression.ok()) return compiled;
  const std::string &error = compiled->expression.error();
  if (capacity > 0) {
    size_t kept = std::min(error.size(), capacity - 1);
    std::memcpy(message, error.data(), kept);
    message[kept] = '\0';
  }
  delete compiled;
  return nullptr;
}

void cre2_free(cre2_pattern *pattern) noexcept { delete pattern; }

size_t cre2_groups(const cre2_pattern *pattern) noexcept {
  return static_cast<size_t>(pattern->expression.NumberOfCapturingGroups());
}

bool cre2_match(const cre2_pattern *pattern, const char *text, size_t length, size_t from, ptrdiff_t *spans,
                size_t count) noexcept {
  // A null text would make RE2 take every group for one that took no part.
  if (text == nullptr) text = "";
  re2::StringPiece subject(text, length);
  if (count == 0) {
    return pattern->expression.Match(subject, from, length, re2::RE2::UNANCHORED, nullptr, 0);
  }
  std::vector<re2::StringPiece> groups(count);
  if (!pattern->expression.Match(subject, from, length, re2::RE2::UNANCHORED, groups.data(),
                                 static_cast<int>(count))) {
    return false;
  }
  for (size_t index = 0; index < count; index++) {
    const char *start = groups[index].data();
    spans[2 * index] = start == nullptr ? -1 : start - text;
    spans[2 * index + 1] = start == nullptr ? -1 : start - text + static_cast<ptrdiff_t>(groups[index].size());
  }
  return true;
}

}
