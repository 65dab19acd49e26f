package com.example.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class WorkTest {
    @Test
    void works() {
        assertEquals("working", Work.once());
    }
}
