<?php

declare(strict_types=1);

require __DIR__ . '/../src/Work.php';

$seen = App\Work::round(7);
if ($seen !== 'round 7 done') {
    fwrite(STDERR, "$seen\n");
    exit(1);
}
echo "1 passed, 0 failed\n";
