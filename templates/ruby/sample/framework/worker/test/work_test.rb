require "minitest/autorun"
require_relative "../lib/work"

class WorkTest < Minitest::Test
  def test_tells_the_round
    assert_equal "round 7 done", Work.round(7)
  end
end
