<?php
// Asks the production image, through its own interpreter, for an HTTPS answer and for the time in Tokyo.
$answer = @file_get_contents('https://registry.npmjs.org/isarray');
echo $answer === false ? error_get_last()['message'] : 'https 200', "\n";
echo 'zone ', (new DateTimeZone('Asia/Tokyo'))->getOffset(new DateTime('2026-01-01')) / 3600, "\n";
