-- The page under an address that nobody has asked for, so that none is kept.
local threads = 0

function setup(thread)
  threads = threads + 1
  thread:set("prefix", os.time() .. "-" .. threads .. "-")
end

local asked = 0

function request()
  asked = asked + 1
  return wrk.format("GET", wrk.path .. "?unknown=" .. prefix .. asked)
end
