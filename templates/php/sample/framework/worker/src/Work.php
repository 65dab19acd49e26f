<?php

declare(strict_types=1);

namespace App;

final class Work
{
    /** A round of work, and what the log says of it. */
    public static function round(int $number): string
    {
        return "round $number done";
    }
}
