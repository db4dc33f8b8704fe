-- Asks for the tickets of many people, each with their own token, one after the other. PEOPLE is the
-- file that people.mjs leaves.
local threads = 0

function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end

local requests = {}
local asked

function init()
  for line in io.lines(os.getenv("PEOPLE")) do
    local id, token = line:match("^(%d+) (%S+)$")
    local headers = { Authorization = "Bearer " .. token }
    requests[#requests + 1] = wrk.format("GET", "/v1/status/getTicket?uid=" .. id, headers)
  end
  -- No two threads ask for the same person at the same time.
  asked = first * math.floor(#requests / 2)
end

function request()
  asked = asked + 1
  return requests[asked % #requests + 1]
end
