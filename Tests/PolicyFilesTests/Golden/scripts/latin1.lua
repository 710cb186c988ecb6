function check() return "ÿ" end
