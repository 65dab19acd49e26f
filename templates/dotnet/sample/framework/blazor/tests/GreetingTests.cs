using Xunit;

namespace App;

public class GreetingTests
{
    [Theory]
    [InlineData("Ada ", "Hello, Ada!")]
    [InlineData(" ", "Hello, nobody!")]
    public void GreetsByName(string name, string expected) => Assert.Equal(expected, Greeting.To(name));
}
