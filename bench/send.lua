-- For wrk: the requests of bench/orders.py, made here because wrk spends less on them than Python does.
local function read(name)
  local file = assert(io.open(os.getenv(name), "rb"))
  local text = file:read("*all")
  file:close()
  return text
end

local pieces, orders, customers, signatures = {}, {}, {}, {}
local number, rows, head = 0, 0, ""

function init()
  for piece in (read("BENCH_PIECES") .. "\0"):gmatch("(%Z*)%z") do pieces[#pieces + 1] = piece end
  for order, customer, signature in read("BENCH_SIGNED"):gmatch("(%d+) (%d+) (%S+)\n") do
    rows = rows + 1
    orders[rows], customers[rows], signatures[rows] = order, customer, signature
  end
  head = "POST /webhooks HTTP/1.1\r\nHost: " .. wrk.host .. ":" .. wrk.port .. "\r\nContent-Type: application/json\r\n" ..
    "X-Shopify-Topic: orders/paid\r\nX-Shopify-Shop-Domain: " .. os.getenv("BENCH_DOMAIN") .. "\r\n" ..
    "X-Shopify-API-Version: 2026-10\r\nX-Shopify-Triggered-At: 2026-11-20T10:00:00.123456789Z\r\n"
end

local run, kept, KEEP = os.getenv("BENCH_RUN"), {}, 2000

local function made(row)
  local text = {}
  for place, piece in ipairs(pieces) do
    text[place] = piece == "\1" and orders[row] or piece == "\2" and customers[row] or piece
  end
  local body = table.concat(text)
  return "Content-Length: " .. #body .. "\r\nX-Shopify-Hmac-Sha256: " .. signatures[row] .. "\r\n\r\n" .. body
end

function request()
  local row = number % rows + 1
  number = number + 1
  local rest = kept[row] or made(row)
  if row <= KEEP then kept[row] = rest end
  local id = run .. "-" .. number
  return head .. "X-Shopify-Webhook-Id: " .. id .. "\r\nX-Shopify-Event-Id: e-" .. id .. "\r\n" .. rest
end

function done(summary, latency)
  local errors = summary.errors
  local lost = errors.connect + errors.read + errors.write + errors.timeout
  io.write(string.format('\n{"answered": %d, "seconds": %f, "refused": %d, "lost": %d, "p99_ms": %f}\n',
    summary.requests, summary.duration / 1e6, errors.status, lost, latency:percentile(99) / 1e3))
end
