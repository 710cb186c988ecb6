-- expect: refuse one two
function check() return false, 'one\ntwo' end
