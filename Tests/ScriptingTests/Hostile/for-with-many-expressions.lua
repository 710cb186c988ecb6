-- expect: pass
function check()
  for _ in next, {}, nil, nil, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20 do end
  local function many() return next, {}, nil, nil, 1, 2, 3, 4 end
  for _ in many() do end
end
