Rails.application.configure do
  config.enable_reloading = false
  config.eager_load = true
  # The page answers without, for who asks from outside; the health check says that it came by HTTPS.
  config.force_ssl = true
  config.ssl_options = { redirect: { exclude: ->(request) { request.path == "/" } } }
  config.logger = ActiveSupport::Logger.new($stdout)
end
