-- expect: fault
function check() return ("%99999d"):format(1) end
