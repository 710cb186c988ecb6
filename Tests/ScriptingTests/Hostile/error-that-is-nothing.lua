-- expect: fault the error is a nil
function check() error(nil) end
