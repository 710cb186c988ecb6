-- expect: refuse a b c�d
function check() deny("a\0b\nc\xFFd\u{202E}") end
