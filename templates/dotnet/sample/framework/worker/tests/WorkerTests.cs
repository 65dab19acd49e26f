using Xunit;

namespace App;

public class WorkerTests
{
    [Fact]
    public void CountsItsRounds() => Assert.Equal("working, round 3", Worker.Work(3));
}
