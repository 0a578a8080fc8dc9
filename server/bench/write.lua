-- Changes the title of one post after the other, for writes to one record take turns.
local n = 0
wrk.method = "PATCH"
wrk.headers["Content-Type"] = "application/json"

function request()
	n = n % 100 + 1
	local path = wrk.path:gsub("%d+$", function(digits) return string.format("%0" .. #digits .. "d", n) end)
	return wrk.format(nil, path, nil, '{"title":"Measured ' .. n .. '"}')
end
