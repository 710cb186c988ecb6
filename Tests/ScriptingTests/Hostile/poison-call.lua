-- expect: pass
function check(call, params)
  if call.args.poisoned or params.poisoned then deny("an earlier call's") end
  call.args.poisoned, call.tool, call.session, params.poisoned = true, "other", nil, true
  call.meta.poisoned, call.client.poisoned = true, true
end
