<?php

// What has to be there: the environment, extensions with their libraries, a folder that can be written to, and front-end files.
$missing = array_filter(['gmp', 'intl', 'pdo_mysql', 'pdo_pgsql', 'zip', 'Zend OPcache'], fn ($name) => !extension_loaded($name));
file_put_contents('/app/uploads/visit', date(DATE_ATOM), LOCK_EX);
$number = (new NumberFormatter('de', NumberFormatter::DECIMAL))->format(1234.5);
$style = glob(__DIR__ . '/build/*.css');
if ($missing || count($style) !== 1 || ini_get('opcache.validate_timestamps') || ini_get('display_errors') || !isset($_ENV['PORT'])) {
    http_response_code(500);
    exit('missing: ' . implode(', ', $missing));
}
echo "Hello from shop! $number";
