require_relative "../test_helper"

class OrdersControllerTest < ActionDispatch::IntegrationTest
  test "greets" do
    get "/"
    assert_response :success
    assert_includes response.body, "Hello from Rails!"
  end
end
