-- Asks for any of the 200 posts. The requests are made before, for to make one takes
-- longer than a cache needs to answer it.
local requests = {}

function init()
	for n = 1, 200 do
		local path = wrk.path:gsub("%d+$", function(digits) return string.format("%0" .. #digits .. "d", n) end)
		requests[n] = wrk.format(nil, path)
	end
	math.randomseed(os.time())
end

function request()
	return requests[math.random(#requests)]
end
