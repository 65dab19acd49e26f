# Asks the production image, through its own interpreter, for an HTTPS answer and for the time in Tokyo.
require "net/http"

answer = begin
  Net::HTTP.get_response(URI("https://registry.npmjs.org/isarray")).code
rescue StandardError => e
  e.message
end
puts "https #{answer}"
ENV["TZ"] = "Asia/Tokyo"
puts "zone #{Time.new(2026, 1, 1).utc_offset / 3600}"
