<?php

declare(strict_types=1);

require __DIR__ . '/../vendor/autoload.php';

[$status, $body] = App\App::answer(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH) ?: '/');
http_response_code($status);
header('Content-Type: application/json');
echo json_encode($body, JSON_THROW_ON_ERROR), "\n";
