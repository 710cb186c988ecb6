extension RedisScript {
  /// KEYS: the clock, what this owner holds, then the count of each reservation. ARGV: the head, what is demanded, then
  /// of each reservation what it asks for, its counter's name, and what people see of it.
  ///
  /// A count is a hash: `h` is its head, `n` its counter's name, `m` what it counts; that of a sliding window has a field
  /// for each time.
  /// Nothing is written before everything is granted, but for times that have left their window.
  static let takeBody = #"""
    local seq, epoch, isWanted, long = unpack('<dddd', ARGV[1], 33)
    if seq > 0 and tonumber(call('HGET', KEYS[2], '0')) ~= epoch then return {3, now} end

    local function expired(key, state, window)
      local first, last, from = state[4], state[5], state[6]
      if first > last or now - from < window then return end
      local gone, u, v, w = {}, state[1], state[2], state[3]
      while first <= last do
        local time, x, y, z = unpack('<dddd', call('HGET', key, first))
        from = time
        if now - time < window then break end
        u, v, w = less(u, v, w, x, y, z)
        gone[#gone + 1] = first
        first = first + 1
      end
      state[1], state[2], state[3], state[4], state[6] = u, v, w, first, from
      state.gone = gone
      state.trimmed = pack('<dddddddd', u, v, w, first, last, from, state[7], state[8])
    end

    local function format(kind)
      return kind == 4 and '<dddddddddddd' or kind == 5 and '<ddddd' or '<dddddddd'
    end

    local function load(key, kind, window, phase)
      local head = call('HGET', key, 'h')
      local state
      if head then
        state = {unpack(format(kind), head)}
        -- Where the head ends.
        state[#state] = nil
      elseif kind == 4 then
        state = {0, 0, 0, now, 0, 0, 0, 0, 0, 0, 0, -1}
      elseif kind == 5 then
        state = {0, 0, 0, now, -1}
      else
        state = {0, 0, 0, kind == 1 and 1 or 0, 0, 0, 0, -1}
      end
      if kind == 1 then
        expired(key, state, window)
      elseif kind == 4 then
        drain(state)
      elseif kind ~= 5 then
        local start, stop
        if kind == 3 then
          local function month(time)
            local days = math.floor(time / 864e8) + 719468
            local era = math.floor(days / 146097)
            local day = days - era * 146097
            local floor = math.floor
            local year = floor((day - floor(day / 1460) + floor(day / 36524) - floor(day / 146096)) / 365)
            local dayOfYear = day - (365 * year + floor(year / 4) - floor(year / 100))
            local index = floor((5 * dayOfYear + 2) / 153)
            local function first(year, index)
              if index == 12 then year, index = year + 1, 0 end
              local offset = floor(year / 400)
              year = year - offset * 400
              local days = year * 365 + floor(year / 4) - floor(year / 100) + floor((153 * index + 2) / 5)
              return (offset * 146097 + days - 719468) * 864e8
            end
            return first(era * 400 + year, index), first(era * 400 + year, index + 1)
          end
          start, stop = month(wall)
        else
          local offset = fmod(wall - phase, window)
          start = wall - (offset < 0 and offset + window or offset)
          stop = start + window
        end
        local length = state[2] - state[1]
        if state[7] == 0 or start > state[1] or start < state[1] and now - state[3] >= length then
          state[1], state[2], state[3], state[4], state[5], state[6] = start, stop, now, 0, 0, 0
          state[7] = now > state[7] and now or state[7] + 1
          state.isOver = true
        end
      end
      state.isNew, state.kind, state.window = not head, kind, window
      return state
    end

    local function rest(state)
      local length, left = state[2] - state[1], state[2] - wall
      if left <= length then return left end
      left = length - (now - state[3])
      return left > 1 and left or 1
    end

    local function ratio(state)
      local debt, rate = 0, 0
      for index = 3, 1, -1 do debt, rate = debt * 1e12 + state[index], rate * 1e12 + state[index + 8] end
      return math.ceil(math.min(debt / rate, 3.2e13))
    end

    local function count(state)
      local kind, place, ends, free = state.kind, 1, -1, -1
      if kind == 2 or kind == 3 then
        ends = state.isOver and -1 or rest(state)
        place, free = 4, ends < 0 and 0 or ends
      elseif kind == 1 then
        free = state[4] > state[5] and 0 or state[7] + state.window - now
      elseif kind == 4 and state[9] + state[10] + state[11] > 0 then
        free = ratio(state)
      end
      return pack('<ddddd', state[place], state[place + 1], state[place + 2], ends, free)
    end

    local states, marks = {}, {}

    local function refuse(index, state, a, b, c)
      for key, each in pairs(states) do
        if each.gone then
          call('HDEL', key, unpackAll(each.gone))
          call('HSET', key, 'h', each.trimmed)
        end
      end
      return {1, now, index, count(state), pack('<ddd', a, b, c)}
    end

    for index = 1, #KEYS - 2 do
      local key, record = KEYS[index + 2], ARGV[3 * index]
      local kind, refund, a, b, c, x, y, z, window, i, j, k, isTaken = unpack('<BBddddddddddd', record)
      local state = states[key]
      if not state then
        state = load(key, kind, window, i)
        state.name, state.meta = ARGV[3 * index + 1], ARGV[3 * index + 2]
        states[key] = state
      end
      if isTaken == 1 then
        local isSomething = a > 0 or b > 0 or c > 0
        local s, t, u, v = 0, 0, 0, 0
        if kind == 1 then
          local d, e, f = add(state[1], state[2], state[3], a, b, c)
          local first, last = state[4], state[5]
          if more(d, e, f, x, y, z) then
            local after = window
            if not more(a, b, c, x, y, z) then
              x, y, z = less(x, y, z, a, b, c)
              d, e, f = state[1], state[2], state[3]
              for place = first, last do
                local run = state.put and state.put[place] or call('HGET', key, place)
                local time, g, h, m = unpack('<dddd', run)
                d, e, f = less(d, e, f, g, h, m)
                if not more(d, e, f, x, y, z) then
                  after = time + window - now
                  break
                end
              end
            end
            return refuse(index - 1, state, after, 0, 0)
          end
          s = now
          if isSomething then
            if last - first + 1 >= j then
              local rest = fmod(now, i)
              s = rest == 0 and now or now - rest + (rest > 0 and i or 0)
            end
            state.put = state.put or {}
            if first <= last and state[7] >= s then
              s = state[7]
              local time, g, h, m = unpack('<dddd', state.put[last] or call('HGET', key, last))
              state.put[last] = pack('<dddd', time, add(g, h, m, a, b, c))
            else
              last = last + 1
              if first == last then state[6] = s end
              state[5], state[7] = last, s
              state.put[last] = pack('<dddd', s, a, b, c)
            end
            state[1], state[2], state[3] = d, e, f
            state.isDirty, state.ends = true, s + window
          end
        elseif kind == 4 then
          if x >= 0 then state[9], state[10], state[11] = x, y, z end
          local d, e, f = add(state[1], state[2], state[3], a, b, c)
          if more(d, e, f, i, j, k) then
            if more(a, b, c, i, j, k) then return refuse(index - 1, state, -1, 0, 0) end
            return refuse(index - 1, state, less(d, e, f, i, j, k))
          end
          if state[1] == 0 and state[2] == 0 and state[3] == 0 then
            state[5] = now > state[5] and now or state[5] + 1
            state[6], state[7], state[8] = 0, 0, 0
          end
          state[1], state[2], state[3] = d, e, f
          state[6], state[7], state[8] = add(state[6], state[7], state[8], a, b, c)
          s, t, u, v = state[5], state[6], state[7], state[8]
          state.isDirty = isSomething
          state.ends = now + ratio(state)
        else
          local place = kind == 5 and 1 or 4
          local d, e, f = add(state[place], state[place + 1], state[place + 2], a, b, c)
          if more(d, e, f, x, y, z) then
            return refuse(index - 1, state, kind == 5 and -1 or rest(state), 0, 0)
          end
          if isSomething then
            state[place], state[place + 1], state[place + 2] = d, e, f
            state.isDirty = true
            state.ends = kind == 5 and now + long or state[3] + 2 * (state[2] - state[1])
          end
          s = kind == 5 and state[4] or state[7]
          state.isOver = false
        end
        if isSomething then
          marks[#marks + 1] = pack('<BBc0ddddddd', kind, refund, string.sub(key, -64), a, b, c, s, t, u, v)
        end
      end
    end

    local counts = ''
    if isWanted == 1 then
      local all = {}
      for index = 1, #KEYS - 2 do all[index] = count(states[KEYS[index + 2]]) end
      counts = table.concat(all)
      local demands, place = ARGV[2], 1
      local function holds()
        local form, size
        form, size, place = unpack('<Bd', demands, place)
        if form == 1 then
          local relation, x, y, z
          relation, x, y, z, place = unpack('<Bddd', demands, place)
          if not all[size + 1] then return false end
          local a, b, c = unpack('<ddd', all[size + 1])
          if relation == 0 then return more(x, y, z, a, b, c) end
          if relation == 1 then return not more(a, b, c, x, y, z) end
          if relation == 2 then return more(a, b, c, x, y, z) end
          if relation == 3 then return not more(x, y, z, a, b, c) end
          return (a == x and b == y and c == z) == (relation == 4)
        end
        local isAll = form == 2
        local outcome = isAll
        for _ = 1, size do
          if holds() ~= isAll then outcome = not isAll end
        end
        return outcome
      end
      local position = 0
      while place <= #demands do
        if not holds() then return {2, now, position, counts} end
        position = position + 1
      end
    end

    for key, state in pairs(states) do
      if state.gone then call('HDEL', key, unpackAll(state.gone)) end
      if state.isDirty then
        local size = #state
        local need = state.ends + slack
        local isLonger = state[size] < need - slack / 2
        if isLonger then state[size] = need end
        local head = pack(format(state.kind), unpackAll(state))
        local fields = {'h', head}
        if state.isNew then fields = {'h', head, 'n', state.name, 'm', state.meta} end
        for place, run in pairs(state.put or {}) do
          fields[#fields + 1] = place
          fields[#fields + 1] = run
        end
        call('HSET', key, unpackAll(fields))
        if isLonger then call('PEXPIRE', key, math.ceil((need - now) / 1000)) end
      elseif state.gone then
        call('HSET', key, 'h', state.trimmed)
      end
    end
    local held = table.concat(marks)
    if seq > 0 and #held > 0 then call('HSET', KEYS[2], seq, held) end
    return {0, now, held, counts}
    """#
}
