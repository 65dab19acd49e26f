class OrdersController < ApplicationController
  def index
    @version = ActiveRecord::Base.connection.select_value("SELECT sqlite_version()")
  end
end
