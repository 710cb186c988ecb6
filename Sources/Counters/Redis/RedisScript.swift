/// What is done in one step on the server, in the Lua of Redis. Nothing else comes between the first and the last of it.
///
/// Every script reads all that it needs before it writes anything: what is unreadable ends it with an error, and leaves
/// everything as it was.
enum RedisScript: CaseIterable {
  /// Takes what a claim asks for and holds it, or only reads.
  case take
  /// What is held is spent from now on; what the server gave back meanwhile is taken again.
  case forward
  /// Gives back what is held, and what is named besides.
  case end
  /// Renews the lease of an owner, and gives back a part of what those hold whose leases have run out.
  case renew

  /// Its source.
  var text: String {
    switch self {
    case .take: RedisScript.takeText
    case .forward: RedisScript.forwardText
    case .end: RedisScript.endText
    case .renew: RedisScript.renewText
    }
  }

  private static let takeText = prelude + clock + bucket + takeBody
  private static let forwardText = prelude + clock + bucket + forwardBody
  private static let endText = prelude + clock + bucket + giveBack + endBody
  private static let renewText = prelude + clock + bucket + giveBack + renewBody

  /// The windows of Redis' counts, as scripts and marks name them.
  enum Kind: UInt8 {
    case sliding = 1
    case fixed, month, bucket, concurrency
  }

  /// How many bytes a mark has: the kind of window, when it is given back, the key behind the prefix, what was taken, and
  /// its stamp.
  static let markLength = 2 + keyLength + 7 * 8
  /// How many characters a key has behind the prefix.
  static let keyLength = 64

  /// Amounts are exact. Lua has nothing but doubles, which hold whole numbers up to 2^53; so an amount is three of them:
  /// its units of 10^-12 in groups of twelve digits, the least first.
  private static let prelude = #"""
    local call, pack, unpackAll, fmod = redis.call, struct.pack, unpack, math.fmod
    local unpack = struct.unpack
    local function add(a, b, c, x, y, z)
      a, b, c = a + x, b + y, c + z
      if a >= 1e12 then a, b = a - 1e12, b + 1 end
      if b >= 1e12 then b, c = b - 1e12, c + 1 end
      return a, b, c
    end
    local function more(a, b, c, x, y, z)
      if c ~= z then return c > z end
      if b ~= y then return b > y end
      return a > x
    end
    local function less(a, b, c, x, y, z)
      if more(x, y, z, a, b, c) then return 0, 0, 0 end
      a, b, c = a - x, b - y, c - z
      if a < 0 then a, b = a + 1e12, b - 1 end
      if b < 0 then b, c = b + 1e12, c - 1 end
      return a, b, c
    end

    """#

  /// The clock that all who count here share. Its first reading, `now`, goes with the server's clock, but not where that
  /// was set: then clients say how much time has passed by clocks of theirs that nobody sets. The calendar, `wall`, goes
  /// with it at a distance: a server's clock that suddenly tells another time is not believed for a day. All in
  /// microseconds. See ``FileClock``, which does the same for a file.
  ///
  /// `calm` is the time before which nobody's lease counts as run out: where nothing was heard for long, it was the
  /// server that was away.
  private static let clock = #"""
    local given, estimate, lease, slack = unpack('<dddd', ARGV[1])
    local now, wall, calm
    do
      local time = given
      if time < 0 then
        local parts = call('TIME')
        time = parts[1] * 1000000 + parts[2]
      end
      local noted = call('GET', KEYS[1])
      local distance, doubted, isChanged
      if noted then
        local elapsed, before
        elapsed, before, distance, doubted, calm = unpack('<ddddd', noted)
        isChanged = time < before
        now = isChanged and elapsed or elapsed + time - before
        if estimate >= 0 and (isChanged or now - estimate > 2e6 or estimate - now > 2e6) then
          now, isChanged = estimate > elapsed and estimate or elapsed, true
        end
        if now - elapsed > lease * 7 / 15 then calm = now + lease end
        local off = time - now - distance
        if off >= -2e6 and off <= 2e6 then
          isChanged = isChanged or doubted >= 0 or off >= 1e4 or off <= -1e4
          distance, doubted = distance + off, -1
        elseif doubted < 0 then
          doubted, isChanged = now, true
        elseif now - doubted >= 864e8 then
          distance, doubted, isChanged = distance + off, -1, true
        end
        isChanged = isChanged or now - elapsed >= lease / 15
      else
        now, distance, doubted, calm, isChanged = time, 0, -1, time + lease, true
      end
      wall = now + distance
      if isChanged then
        call('SET', KEYS[1], pack('<ddddd', now, time, distance, doubted, calm), 'PX', '34560000000')
      end
    end

    """#

  /// The debt of a bucket is kept multiplied by its length in microseconds: so nothing has to be divided when it drains.
  ///
  /// Its head: the debt, its time; where the debts that were laid in it end, and the number of the row they were laid in,
  /// which begins anew whenever the bucket is empty; what drains in the length; when the count is dropped.
  private static let bucket = #"""
    local function times(a, b, c, count)
      local floor, digits, product = math.floor, {}, {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}
      for index, group in ipairs({a, b, c}) do
        digits[2 * index - 1], digits[2 * index] = fmod(group, 1e6), floor(group / 1e6)
      end
      local place = 0
      while count > 0 do
        local factor = fmod(count, 1e6)
        for index = 1, 6 do
          product[index + place] = product[index + place] + digits[index] * factor
        end
        for index = 1, 11 do
          local carried = floor(product[index] / 1e6)
          product[index], product[index + 1] = product[index] - carried * 1e6, product[index + 1] + carried
        end
        count, place = floor(count / 1e6), place + 1
      end
      local function group(index) return product[index] + product[index + 1] * 1e6 end
      return group(1), group(3), group(5) + group(7) * 1e12
    end

    local function drain(state)
      local passed = now - state[4]
      if passed <= 0 then return end
      state[4] = now
      local debt = state[1] + state[2] * 1e12 + state[3] * 1e24
      local rate = state[9] + state[10] * 1e12 + state[11] * 1e24
      if rate * passed > debt * 1.001 then
        state[1], state[2], state[3] = 0, 0, 0
      elseif debt > 0 then
        state[1], state[2], state[3] = less(state[1], state[2], state[3], times(state[9], state[10], state[11], passed))
      end
    end

    """#

  /// Gives back one mark: see the types of windows, which do the same in other stores.
  private static let giveBack = #"""
    local function find(key, first, last, stamp)
      while first < last do
        local middle = math.floor((first + last) / 2)
        if unpack('<d', call('HGET', key, middle)) < stamp then first = middle + 1 else last = middle end
      end
      return first
    end

    local function giveBack(prefix, marks, place)
      local kind, _, suffix, a, b, c, s, x, y, z = unpack('<BBc64ddddddd', marks, place)
      local key = prefix .. 'count:' .. suffix
      local head = call('HGET', key, 'h')
      if not head then return end
      if kind == 1 then
        local u, v, w, first, last, from, to, expiry = unpack('<dddddddd', head)
        if first > last then return end
        local index = s == to and last or find(key, first, last, s)
        local time
        time, x, y, z = unpack('<dddd', call('HGET', key, index))
        if time ~= s then return end
        if more(a, b, c, x, y, z) then a, b, c = x, y, z end
        u, v, w = less(u, v, w, a, b, c)
        x, y, z = less(x, y, z, a, b, c)
        call('HSET', key, index, pack('<dddd', time, x, y, z))
        while first <= last and x == 0 and y == 0 and z == 0 and (index == first or index == last) do
          call('HDEL', key, index)
          if index == last then last = last - 1 index = last else first = first + 1 index = first end
          if first <= last then
            time, x, y, z = unpack('<dddd', call('HGET', key, index))
            if index == first then from = time end
            if index == last then to = time end
          end
        end
        call('HSET', key, 'h', pack('<dddddddd', u, v, w, first, last, from, to, expiry))
      elseif kind == 4 then
        local state = {unpack('<dddddddddddd', head)}
        drain(state)
        local d, e, f, o, p, q = state[1], state[2], state[3], state[6], state[7], state[8]
        local k, l, m = less(o, p, q, d, e, f)
        if state[5] ~= s or not more(x, y, z, k, l, m) then return end
        k, l, m = less(x, y, z, k, l, m)
        if more(k, l, m, a, b, c) then k, l, m = a, b, c end
        if more(k, l, m, d, e, f) then k, l, m = d, e, f end
        state[1], state[2], state[3] = less(d, e, f, k, l, m)
        if x == o and y == p and z == q then state[6], state[7], state[8] = less(o, p, q, k, l, m) end
        call('HSET', key, 'h', pack('<dddddddddddd', unpackAll(state)))
      elseif kind == 5 then
        local u, v, w, stamp, expiry = unpack('<ddddd', head)
        if stamp ~= s then return end
        u, v, w = less(u, v, w, a, b, c)
        if u == 0 and v == 0 and w == 0 then
          expiry = now + slack
          call('PEXPIRE', key, math.ceil(slack / 1000))
        end
        call('HSET', key, 'h', pack('<ddddd', u, v, w, stamp, expiry))
      else
        local start, stop, entered, u, v, w, stamp, expiry = unpack('<dddddddd', head)
        if stamp ~= s then return end
        u, v, w = less(u, v, w, a, b, c)
        call('HSET', key, 'h', pack('<dddddddd', start, stop, entered, u, v, w, stamp, expiry))
      end
    end

    """#

  private static let endBody = #"""
    local seq, extra, prefix = ARGV[2], ARGV[3], ARGV[4]
    local held = call('HGET', KEYS[2], seq)
    if held then
      for place = 1, #held, 122 do giveBack(prefix, held, place) end
      call('HDEL', KEYS[2], seq)
    end
    for place = 1, #extra, 122 do giveBack(prefix, extra, place) end
    return {0, now}
    """#

  /// KEYS: the clock, the owners, what this one holds.
  ///
  /// What an owner holds whose lease has run out is given back a few at a time, and each is noted for the owner, in case
  /// it comes back: it may have forwarded the call.
  private static let renewBody = #"""
    local owner, prefix, epoch, length, keep = ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5]), ARGV[6]
    if length > 0 then
      local current = call('HGET', KEYS[3], '0')
      if current and tonumber(current) > tonumber(epoch) then return redis.error_reply('ERR an older connection') end
      call('ZADD', KEYS[2], now + length, owner)
      call('HSET', KEYS[3], '0', epoch)
      call('PEXPIRE', KEYS[3], keep)
      call('PEXPIRE', KEYS[2], keep)
    else
      call('ZADD', KEYS[2], 0, owner)
    end
    local left, dead = 0, {}
    if now >= calm then dead = call('ZRANGEBYSCORE', KEYS[2], '-inf', now, 'LIMIT', 0, 4)
    elseif length <= 0 then dead = {owner} end
    for _, each in ipairs(dead) do
      local heldKey, noteKey = prefix .. 'held:' .. each, prefix .. 'returned:' .. each
      call('HDEL', heldKey, '0')
      local found = call('HRANDFIELD', heldKey, '32', 'WITHVALUES')
      for index = 1, #found, 2 do
        local seq, marks = found[index], found[index + 1]
        for place = 1, #marks, 122 do giveBack(prefix, marks, place) end
        call('HDEL', heldKey, seq)
        call('SADD', noteKey, seq)
      end
      if #found > 0 then call('PEXPIRE', noteKey, keep) end
      local rest = call('HLEN', heldKey)
      if rest == 0 then call('ZREM', KEYS[2], each) else left = left + rest end
    end
    return {0, now, left}
    """#

  /// KEYS: the clock, what this owner holds, what was given back of it. What was given back while its owner was away,
  /// although the call was forwarded, is taken again, whatever the maximum: it is spent.
  private static let forwardBody = #"""
    local seq, marks, kept, prefix = ARGV[2], ARGV[3], ARGV[4], ARGV[5]
    local function takeAgain(place)
      local kind, _, suffix, a, b, c, s, x, y, z = unpack('<BBc64ddddddd', marks, place)
      local key = prefix .. 'count:' .. suffix
      local head = call('HGET', key, 'h')
      if not head then return end
      if kind == 1 then
        local u, v, w, first, last, from, to, expiry = unpack('<dddddddd', head)
        u, v, w = add(u, v, w, a, b, c)
        if first <= last and to >= s then
          local time, x, y, z = unpack('<dddd', call('HGET', key, last))
          call('HSET', key, last, pack('<dddd', time, add(x, y, z, a, b, c)))
        else
          last, to = last + 1, s
          if first == last then from = s end
          call('HSET', key, last, pack('<dddd', s, a, b, c))
        end
        call('HSET', key, 'h', pack('<dddddddd', u, v, w, first, last, from, to, expiry))
      elseif kind == 4 then
        local state = {unpack('<dddddddddddd', head)}
        drain(state)
        state[1], state[2], state[3] = add(state[1], state[2], state[3], a, b, c)
        state[6], state[7], state[8] = add(state[6], state[7], state[8], a, b, c)
        call('HSET', key, 'h', pack('<dddddddddddd', unpackAll(state)))
      elseif kind == 5 then
        local u, v, w, stamp, expiry = unpack('<ddddd', head)
        if stamp ~= s then return end
        u, v, w = add(u, v, w, a, b, c)
        call('HSET', key, 'h', pack('<ddddd', u, v, w, stamp, expiry))
      else
        local start, stop, entered, u, v, w, stamp, expiry = unpack('<dddddddd', head)
        if stamp ~= s then return end
        u, v, w = add(u, v, w, a, b, c)
        call('HSET', key, 'h', pack('<dddddddd', start, stop, entered, u, v, w, stamp, expiry))
      end
    end
    local isReturned = call('SREM', KEYS[3], seq) == 1
    if isReturned then
      for place = 1, #marks, 122 do takeAgain(place) end
    end
    if isReturned or call('HEXISTS', KEYS[2], seq) == 1 then
      if #kept > 0 then call('HSET', KEYS[2], seq, kept) else call('HDEL', KEYS[2], seq) end
    end
    return {0, now}
    """#
}
