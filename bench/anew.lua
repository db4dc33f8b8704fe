-- The same question with a body, for which no answer is kept.
function request()
  return wrk.format("GET", nil, nil, "{}")
end
