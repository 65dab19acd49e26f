Rails.application.configure do
  config.enable_reloading = false
  config.eager_load = true
  # Here all but the health route answers without HTTPS too, and that says that it came by it.
  config.force_ssl = true
  config.ssl_options = { redirect: { exclude: ->(request) { request.path != "/up" } } }
  config.logger = ActiveSupport::Logger.new($stdout)
end
