local hosts = require("lib.hosts")
local secret = require("../../secret")
local elsewhere = require "elsewhere"
local code = require("bytecode")
-- require("not this one")
function check(call)
  return require("one")
end
