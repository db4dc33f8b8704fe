-- Another person's tickets with each request, so that no answer was kept.
-- Ids of the demo's people: a year and a number.
local years = { 2023, 2024, 2025 }

function setup(thread)
  thread:set("seed", math.random(1, 1000000))
end

function init()
  math.randomseed(seed)
end

function request()
  local id = years[math.random(1, 3)] * 10000000 + math.random(1, 3000)
  return wrk.format("GET", "/v1/status/getTicket?uid=" .. string.format("%d", id))
end
