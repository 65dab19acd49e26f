require_relative "../lib/work"

$stdout.sync = true

# The signal ends the wait, and the loop once the round is complete.
reader, writer = IO.pipe
%w[TERM INT].each { |signal| trap(signal) { writer.write_nonblock(".") } }

number = 0
loop do
  puts Work.round(number += 1)
  break if reader.wait_readable(5)
end
puts "stopped"
