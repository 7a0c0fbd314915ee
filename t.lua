local paths = {}
for line in io.lines("/tmp/bt/paths.txt") do paths[#paths + 1] = line end
local headers = { ["Cookie"] = os.getenv("CK") }
local at = math.random(#paths)
function request() at = (at + 7919) % #paths; return wrk.format("GET", paths[at + 1], headers) end
