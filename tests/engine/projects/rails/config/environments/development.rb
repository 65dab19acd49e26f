Rails.application.configure do
  config.enable_reloading = true
  config.eager_load = false
end
